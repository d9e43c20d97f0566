package dev.ebb.doctor;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import dev.ebb.load.MemoryAccount;
import dev.ebb.load.MemoryAccount.Detail;
import dev.ebb.load.MemoryAccount.Finding;
import dev.ebb.load.MemoryAccount.Part;
import java.util.Locale;
import java.util.Map;

/** An account as text for people, or as one JSON object. */
public final class AccountText {
    private AccountText() { }

    public static String text(MemoryAccount account) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-26s %10s%n", "resident", mib(account.residentBytes())));
        account.partsInOrder().forEach((part, bytes) -> {
            if (bytes != 0) {
                text.append(String.format(Locale.ROOT, "  %-24s %10s  %5.1f %%%n", part.text(), mib(bytes), 100.0 * bytes / account.residentBytes()));
            }
        });
        text.append(String.format("of these, or beside RSS%n"));
        for (Detail detail : Detail.values()) {
            if (account.bytes(detail) > 0) {
                text.append(String.format(Locale.ROOT, "  %-24s %10s%n", detail.text(), mib(account.bytes(detail))));
            }
        }
        account.allocators().forEach(allocator -> text.append(String.format("allocator %s%n", allocator)));
        for (Finding finding : account.findings()) {
            text.append(String.format("%n%s%s: %s%n  -> %s%n", finding.cause(), finding.bytes() > 0 ? " " + mib(finding.bytes()) : "", finding.what(), finding.remedy()));
        }
        account.notes().forEach(note -> text.append(String.format("%nnote: %s%n", note)));
        return text.toString();
    }

    public static String json(MemoryAccount account) {
        JsonStringWriter json = JsonWriter.string().object().value("residentBytes", account.residentBytes());
        for (Part part : Part.values()) {
            json.value(part.text() + "Bytes", account.bytes(part));
        }
        for (Detail detail : Detail.values()) {
            json.value(detail.text() + "Bytes", account.bytes(detail));
        }
        json.array("allocators", account.allocators()).array("findings");
        for (Finding finding : account.findings()) {
            json.object(Map.of("cause", finding.cause(), "bytes", finding.bytes(), "what", finding.what(), "remedy", finding.remedy()));
        }
        return json.end().array("notes", account.notes()).end().done();
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
