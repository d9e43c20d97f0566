package dev.ebb;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.MemoryAccount;
import dev.ebb.load.MemoryAccount.Detail;
import dev.ebb.load.MemoryAccount.Finding;
import dev.ebb.load.MemoryAccount.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Puts an account of the process's memory behind each verdict that says the memory is not back, and not who of the program has it. On Ebb's own threads, where the log is written. */
final class Explaining implements EventSink {
    private static final Set<String> OPEN_VERDICTS = Set.of("unexplained", "held-by-allocator");
    private static final int MOST_CAUSES = 3;
    /** It is the process's, and reads all of its mappings: one serves all loads that end together. */
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final EventSink log;
    private final OwnMemory memory;
    private long saidNanos = System.nanoTime() - APART_NANOS;

    Explaining(EventSink log, OwnMemory memory) {
        this.log = log;
        this.memory = memory;
    }

    @Override
    public void event(Event event) {
        log.event(event);
        if (event.name().equals("verdict") && OPEN_VERDICTS.contains(String.valueOf(event.value("verdict"))) && System.nanoTime() - saidNanos >= APART_NANOS) {
            MemoryAccount account = memory.get();
            if (account != null) {
                log.event(describe(account, event.value("load")));
            }
            saidNanos = System.nanoTime();
        }
    }

    private static Event describe(MemoryAccount account, Object load) {
        Event event = new Event(Level.INFO, "memory.account").with("load", load).bytes("residentBytes", account.residentBytes());
        for (Map.Entry<Part, Long> part : account.partsInOrder().entrySet()) {
            event.bytes(part.getKey().text().concat("Bytes"), part.getValue());
        }
        for (Detail detail : List.of(Detail.DIRTY, Detail.THREAD_CACHES, Detail.FRAGMENTED, Detail.PAGE_CACHE)) {
            event.bytes(detail.text().concat("Bytes"), account.bytes(detail));
        }
        List<String> causes = new ArrayList<>();
        for (Finding finding : account.findings().subList(0, Math.min(MOST_CAUSES, account.findings().size()))) {
            causes.add(finding.cause() + ": " + finding.what() + " -> " + finding.remedy());
        }
        return event.with("causes", causes);
    }
}
