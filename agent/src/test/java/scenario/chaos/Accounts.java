package scenario.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What has to become of each load, by the program's own knowledge; what was to be undone is watched until it is. Safe for any thread. */
final class Accounts {
    /** A load that is not undone after so long has been kept in error. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(180);

    private record Pending(Order order, long sinceNanos) { }

    private final PrintWriter out;
    private final Queue<Pending> pending = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicLong> counts = new ConcurrentSkipListMap<>();
    private final Set<String> retried = ConcurrentHashMap.newKeySet();
    private final AtomicLong began = new AtomicLong();

    /** @param file one line for each load: label, what has to become of it, and how it was planned */
    Accounts(Path file) throws IOException {
        out = new PrintWriter(Files.newBufferedWriter(file));
    }

    void began(Order order) {
        began.incrementAndGet();
    }

    /** Another load of the same label may use its files: they may be left. */
    void retried(Order order) {
        retried.add(order.label);
    }

    boolean mayBeLeft(String file) {
        return retried.contains(file.substring(0, file.indexOf('.')));
    }

    /** @param fate kept, undone, or failed: of those nothing is said */
    void ended(Order order, String fate) {
        counts.computeIfAbsent(fate, key -> new AtomicLong()).incrementAndGet();
        counts.computeIfAbsent(order.plan + " " + fate + (order.stopped ? " stopped" : ""), key -> new AtomicLong()).incrementAndGet();
        synchronized (out) {
            out.println(order.label + " " + fate + " " + order.plan);
        }
        if (fate.equals("undone")) {
            pending.add(new Pending(order, System.nanoTime()));
        }
    }

    /** Strikes off what has been undone, and raises what should have been. */
    void look() {
        long now = System.nanoTime();
        pending.removeIf(entry -> {
            boolean late = now - entry.sinceNanos > PATIENCE_NANOS;
            List<Part.Account> left = left(entry.order);
            // one that was cancelled before it began is never done
            if (late && !left.isEmpty()) {
                Sound.wrong(new AssertionError("not undone: " + entry.order + " " + left));
            }
            return left.isEmpty() && (entry.order.done || late);
        });
    }

    private static List<Part.Account> left(Order order) {
        List<Part.Account> left = new ArrayList<>();
        for (Part.Account account : order.accounts()) {
            if (!account.wanted && !account.isGone()) {
                left.add(account);
            }
        }
        return left;
    }

    boolean allUndone() {
        for (Pending entry : pending) {
            if (entry.order.done || !entry.order.accounts().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    int pending() {
        return pending.size();
    }

    long loads() {
        return began.get();
    }

    Map<String, Long> counts() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((key, count) -> all.put(key, count.get()));
        return all;
    }

    void close() {
        out.close();
        Sound.check(!out.checkError(), "the account could not be written");
    }
}
