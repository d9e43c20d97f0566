package dev.ebb.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The ledgers of loads that were decided and still hold something: what became of a good load's memory can be asked for as long as it has any. An account
 * takes about 250 bytes beside its records, and goes with the last of these. Thread-safe.
 */
public final class Accounts {
    /** The stacks of the largest resources of an account are kept, within a second as text: what a stack trace refers to would keep classes from being unloaded. */
    private static final int STACKS_OF_AN_ACCOUNT = 4;
    /** One takes 0.1 ms at a depth of 60: at most a hundredth of the worker's time. */
    private static final int TEXTS_AT_ONCE = 100;
    private static final int SHARED_TEXTS = 1_024;

    private final Set<Ledger> held = ConcurrentHashMap.newKeySet();
    /** Whose stack is not text yet: many are given back before it has to be. */
    private final Queue<Resource> fresh = new ConcurrentLinkedQueue<>();
    /** Loads of one method take what they take at the same places. */
    private final Map<String, String> texts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > SHARED_TEXTS;
        }
    };

    /** The load of this ledger was decided; called once for each. What it made on disk is the program's from then on, and in no account. */
    public void open(Ledger ledger) {
        List<Resource> sampled = new ArrayList<>();
        for (Resource resource : ledger.live()) {
            if (resource instanceof CreatedFile) {
                ledger.release(resource);
            } else if (resource.hasStack()) {
                sampled.add(resource);
            }
        }
        sampled.sort(Comparator.comparingLong(Resource::bytes).reversed());
        for (int i = 0; i < sampled.size(); i++) {
            if (i < STACKS_OF_AN_ACCOUNT) {
                fresh.add(sampled.get(i));
            } else {
                ledger.keepPlace(sampled.get(i), null);
            }
        }
        ledger.close();
        if (!ledger.isEmpty()) {
            held.add(ledger);
        }
    }

    /** Lets go of accounts that hold nothing any more, and of the classes that stacks of the others refer to; to be called about once a second. */
    public void prune() {
        held.removeIf(Ledger::isEmpty);
        int texts = 0;
        for (Resource resource = fresh.poll(); resource != null; resource = fresh.poll()) {
            if (resource.hasStack()) {
                resource.ledger().keepPlace(resource, texts++ < TEXTS_AT_ONCE ? text(resource) : null);
            }
        }
    }

    /** Weakly consistent; some may have become empty. */
    public Collection<Ledger> held() {
        return held;
    }

    /** The same string for the same place. */
    private String text(Resource resource) {
        String text = resource.takenAt();
        synchronized (texts) {
            String known = text == null ? null : texts.putIfAbsent(text, text);
            return known == null ? text : known;
        }
    }
}
