package dev.ebb.record;

import dev.ebb.load.IdentityKey;
import dev.ebb.load.Ledger;
import dev.ebb.load.Load;
import dev.ebb.load.Memory;
import dev.ebb.load.ReleaseCall;
import dev.ebb.load.Site;
import dev.ebb.load.Sites;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Methods that release what loads have brought in. Which loads these are is told by objects, where it can be: the release is called on, or given, what a
 * load has returned, or the object whose method loaded without returning anything. Else the label tells. Thread-safe.
 */
final class ReleaseHooks {
    private final Loads loads;
    private final Sites sites;
    private final Memory memory;
    /** By what they have brought in, kept weakly; usually one. */
    private final ConcurrentHashMap<IdentityKey, List<Ledger>> ledgers = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> cleared = new ReferenceQueue<>();

    ReleaseHooks(Loads loads, Sites sites, Memory memory) {
        this.memory = memory;
        this.loads = loads;
        this.sites = sites;
    }

    /** A load ends well. @param receiver of its method, or null */
    void loaded(Load load, Object result, Object receiver) {
        Object brought = result == null ? receiver : result;
        if (!sites.watchReleases() || !tells(brought)) {
            return;
        }
        IdentityKey key = new IdentityKey(brought, cleared);
        List<Ledger> before = ledgers.putIfAbsent(key, List.of(load.ledger()));
        while (before != null && !ledgers.replace(key, before, with(before, load.ledger()))) {
            before = ledgers.putIfAbsent(key, List.of(load.ledger()));
        }
    }

    private static List<Ledger> with(List<Ledger> before, Ledger ledger) {
        List<Ledger> more = new ArrayList<>(before.size() + 1);
        for (int i = 0; i < before.size(); i++) {
            if (!isOver(before.get(i))) {
                more.add(before.get(i));
            }
        }
        more.add(ledger);
        return more;
    }

    void entered(Site site, Object receiver, Object[] arguments) {
        Slot slot = loads.slot();
        if (slot.busy) {
            return;
        }
        slot.busy = true;
        try {
            if (slot.release == null) {
                slot.release = new ReleaseCall(site);
            }
            slot.release.enter();
            String label = Labels.of(site, receiver, arguments);
            if (!label.equals(Labels.NONE)) {
                slot.release.names(label);
            }
            find(receiver, slot.release);
            for (int i = 0; i < arguments.length; i++) {
                find(arguments[i], slot.release);
            }
        } finally {
            slot.busy = false;
        }
    }

    void left() {
        Slot slot = loads.slotIfAny();
        if (slot != null && !slot.busy && slot.release != null && slot.release.leave()) {
            ReleaseCall call = slot.release;
            slot.release = null;
            // what was freed here lies in this thread's allocator cache
            memory.flushThreadCache();
            loads.listener().released(call);
        }
    }

    private void find(Object object, ReleaseCall call) {
        List<Ledger> found = ledgers.isEmpty() || !tells(object) ? null : ledgers.get(new IdentityKey(object));
        for (int i = 0; found != null && i < found.size(); i++) {
            call.names(found.get(i));
        }
    }

    /** Values are shared by all who have the same one. */
    private static boolean tells(Object object) {
        return object != null && !(object instanceof String || object instanceof Number || object instanceof Boolean || object instanceof Character
            || object instanceof Enum || object instanceof Class);
    }

    private static boolean isOver(Ledger ledger) {
        return ledger.load() == null && ledger.isEmpty() || ledger.isReleaseSeen();
    }

    /** Called by the worker. */
    void reap() {
        for (Reference<?> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            ledgers.remove(gone);
        }
    }

    /** Called by the worker about once a second. */
    void prune() {
        ledgers.values().removeIf(brought -> brought.stream().allMatch(ReleaseHooks::isOver));
    }
}
