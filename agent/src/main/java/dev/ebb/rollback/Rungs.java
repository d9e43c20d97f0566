package dev.ebb.rollback;

import dev.ebb.load.Trouble;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which rungs act now. One that fails by a fault of Ebb's own only observes from then on; after too many different faults Ebb only watches altogether. Both
 * last until the user switches the mode to rollback again. Used by the worker alone.
 */
final class Rungs {
    /** So many different faults within {@link #BUDGET_NANOS} are more than one unlucky rung. */
    static final int BUDGET = 5;
    private static final long BUDGET_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Policy policy;
    private final Permission permission;
    private final Trouble trouble;
    private final Set<Rung> failed = EnumSet.noneOf(Rung.class);
    /** Those that cannot even say what they would do. */
    private final Set<Rung> silent = EnumSet.noneOf(Rung.class);
    /** When each kind of fault was last seen. */
    private final Map<String, Long> faults = new HashMap<>();
    private int grants;

    Rungs(Policy policy, Permission permission, Trouble trouble) {
        this.policy = policy;
        this.permission = permission;
        this.trouble = trouble;
        this.grants = permission.grants();
    }

    /** Whether the user has left this rung on; if it does not act, it says what it would do. */
    boolean isOn(Rung rung) {
        return policy.rungs().contains(rung) && !policy.never() && !silent.contains(rung);
    }

    boolean acts(Rung rung) {
        forgive();
        return isOn(rung) && permission.granted() && !failed.contains(rung);
    }

    /** Whether it is switched on and only says what it would do: Ebb may not act now, or the rung has failed. */
    boolean observes(Rung rung) {
        return !acts(rung) && isOn(rung);
    }

    /** Whether it is to be left out: it has failed even when it had only to say what it would do. */
    boolean isSilent(Rung rung) {
        forgive();
        return silent.contains(rung);
    }

    /** A fault of Ebb's own. */
    void failed(Rung rung, Throwable cause) {
        forgive();
        if (!failed.add(rung)) {
            silent.add(rung);
        }
        trouble.report("rollback ".concat(rung.text()), cause, "this rung only says what it would do from now on; to let it try again: java -jar ebb-agent.jar mode PID rollback, "
            + "or set the mode of the MBean dev.ebb:type=Ebb to rollback, or " + rung.option() + "=off to leave it out");
        spend(rung.text(), cause);
    }

    /** A fault of Ebb's own beside the rungs. @param remedy what follows from it */
    void failed(String where, Throwable cause, String remedy) {
        forgive();
        trouble.report("rollback ".concat(where), cause, remedy);
        spend(where, cause);
    }

    /** Runs what belongs to no single load; a fault of Ebb's own ends this run of it, and nothing else. */
    void guarded(String where, Runnable work) {
        try {
            work.run();
        } catch (Throwable t) {
            failed(where, t, "all else goes on");
        }
    }

    private void spend(String where, Throwable cause) {
        long now = System.nanoTime();
        faults.put(where + ' ' + cause.getClass().getName(), now);
        faults.values().removeIf(seen -> now - seen > BUDGET_NANOS);
        if (faults.size() >= BUDGET && permission.granted()) {
            permission.withdraw();
            trouble.report("rollback", new IllegalStateException(BUDGET + " different faults of Ebb's own within 10 minutes: " + faults.keySet()),
                "Ebb only watches from now on; to roll back again: java -jar ebb-agent.jar mode PID rollback, or set the mode of the MBean dev.ebb:type=Ebb to rollback, or restart");
        }
    }

    private void forgive() {
        if (permission.grants() != grants) {
            grants = permission.grants();
            failed.clear();
            silent.clear();
            faults.clear();
        }
    }
}
