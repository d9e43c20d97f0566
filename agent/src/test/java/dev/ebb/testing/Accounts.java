package dev.ebb.testing;

import com.grack.nanojson.JsonObject;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario says that its loads hold, from its lines {@code account <label> <outcome> <field>=<amount> … #remark}, to be compared with what Ebb says. */
public final class Accounts {
    /** Compared to the byte. */
    private static final List<String> FIELDS = List.of("directBytes", "mappedBytes", "foreignBytes", "nativeBytes", "openFiles", "tracked", "filesCreated", "diskBytes",
        "filesGrown", "grownBytes", "threadsBorn", "threadsAlive", "unrecorded");

    /** By label. */
    private final Map<String, Account> accounts = new LinkedHashMap<>();

    /** One load by the program's own count. */
    public record Account(String outcome, Map<String, Long> figures) {
        public static Account parse(String[] words) {
            Map<String, Long> figures = new HashMap<>();
            for (int i = 3; i < words.length && !words[i].startsWith("#"); i++) {
                figures.put(words[i].substring(0, words[i].indexOf('=')), Long.valueOf(words[i].substring(words[i].indexOf('=') + 1)));
            }
            return new Account(words[2], figures);
        }

        /**
         * What Ebb's line about the load says otherwise; empty if it is right to the byte.
         *
         * @param heapTolerance a load may have allocated this many bytes of heap more than the program says, and none less
         */
        public List<String> differences(JsonObject line, long heapTolerance) {
            List<String> found = new ArrayList<>();
            if (!outcome.equals(line.getString("outcome"))) {
                found.add("outcome " + line.getString("outcome") + " instead of " + outcome);
            }
            for (String field : FIELDS) {
                long right = figures.getOrDefault(field, 0L);
                if (line.getLong(field, 0) != right) {
                    found.add(field + " " + line.getLong(field, 0) + " instead of " + right);
                }
            }
            long heap = line.getLong("heapBytes") - figures.getOrDefault("heapBytes", 0L);
            if (heap < 0 || heap > heapTolerance) {
                found.add("heapBytes " + line.getLong("heapBytes") + " instead of " + figures.getOrDefault("heapBytes", 0L));
            }
            if (line.getLong("rssBeforeBytes") < 1 << 20 || line.getLong("rssPeakBytes") < line.getLong("rssBeforeBytes")) {
                found.add("rss " + line.getLong("rssBeforeBytes") + " before, " + line.getLong("rssPeakBytes") + " at most");
            }
            return found;
        }
    }

    /** Reads all lines of a scenario's output that are accounts. */
    public static Accounts of(String stdout) {
        Accounts all = new Accounts();
        stdout.lines().filter(line -> line.startsWith("account ")).map(line -> line.split(" +")).forEach(words -> all.accounts.put(words[1], Account.parse(words)));
        return all;
    }

    public Map<String, Account> byLabel() {
        return accounts;
    }
}
