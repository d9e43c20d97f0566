package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Load;
import dev.ebb.load.Memory;
import dev.ebb.load.Purged;
import dev.ebb.load.Site;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How often there is a purge, to the nanosecond: once in each interval at the most, whoever wants it and why. */
class PurgeRungTest {
    private static final long INTERVAL = TimeUnit.HOURS.toNanos(1);
    /** Loads that are close together wait so long for each other. */
    private static final long COMPANY = TimeUnit.SECONDS.toNanos(3) + 1;

    private final List<Event> events = new ArrayList<>();
    private int purges;
    private long rss = 1000 << 20;

    private final Memory memory = (Memory) Proxy.newProxyInstance(Memory.class.getClassLoader(), new Class<?>[] {Memory.class}, (proxy, method, arguments) -> {
        if (method.getName().equals("purge")) {
            purges++;
            return Purged.bare("none", "purge", 0, 0, "");
        }
        return method.getName().equals("flushedSincePurge") ? (Object) 0 : (Object) rss;
    });
    private final List<Long> counted = new ArrayList<>();
    private final Cases.Accounts accounts = (Cases.Accounts) Proxy.newProxyInstance(Cases.class.getClassLoader(), new Class<?>[] {Cases.Accounts.class}, (proxy, method, arguments) -> {
        assertEquals("purged", method.getName());
        counted.add((Long) arguments[1]);
        return null;
    });
    private final Policy policy = new Policy(settings(INTERVAL));
    private final PurgeRung rung = rung();

    @Test
    void theFirstWaitsForCompanyAndForNothingElse() {
        long asked = System.nanoTime();
        rung.request("1");
        rung.purge(List.of(), asked + COMPANY - 2);
        assertEquals(0, purges);
        rung.purge(List.of(), System.nanoTime() + COMPANY);
        assertEquals(1, purges);
    }

    @Test
    void theNextComesWhenTheIntervalIsOverAndNotBefore() {
        long before = purgeOnce();
        long after = System.nanoTime();
        rung.request("2");
        rung.purge(List.of(), before + INTERVAL - 1);
        assertFalse(rung.isAllowed(before + INTERVAL - 1));
        assertEquals(1, purges);
        assertTrue(rung.isAllowed(after + INTERVAL));
        rung.purge(List.of(), after + INTERVAL);
        assertEquals(2, purges);
        assertEquals(2, events.size());
    }

    /** What was asked for meanwhile is purged for once, with all that have asked. */
    @Test
    void whoCameMeanwhileIsServedByOne() {
        purgeOnce();
        rung.request("2");
        rung.request("3");
        rung.purge(List.of(), System.nanoTime() + INTERVAL);
        assertEquals(List.of("2", "3"), events.get(1).value("loads"));
        assertEquals(List.of(0L, 0L), counted, "a purge counts once, however many loads it was for");
        rung.purge(List.of(), System.nanoTime() + 2 * INTERVAL);
        assertEquals(2, purges);
    }

    @Test
    void eachMayBeRepeatedOnceAndHoldsUpNoOther() {
        assertTrue(rung.mayRepeat(System.nanoTime()));
        Case c = new Case(new Load(7, new Site(0, "a.B#load", null, false, null, 0, false), "-", null, 0));
        c.purged = Purged.bare("none", "purge", 0, 0, "");
        rung.purgeAgain(c);
        assertEquals(1, purges);
        long after = System.nanoTime();
        assertFalse(rung.mayRepeat(after));
        assertTrue(rung.mayRepeat(after + INTERVAL));
        assertTrue(rung.isAllowed(after));
    }

    @Test
    void withoutAnIntervalEachIsAllowed() {
        policy.change(settings(0));
        purgeOnce();
        assertTrue(rung.isAllowed(System.nanoTime()));
    }

    /** @return a moment before it */
    private long purgeOnce() {
        rung.request("1");
        long before = System.nanoTime();
        rung.purge(List.of(), before + COMPANY);
        assertEquals(1, purges);
        return before;
    }

    private PurgeRung rung() {
        Permission permission = new Permission() {
            @Override
            public boolean granted() {
                return true;
            }

            @Override
            public int grants() {
                return 1;
            }

            @Override
            public void withdraw() {
                throw new AssertionError("nothing may fail");
            }
        };
        return new PurgeRung(policy, new Rungs(policy, permission, (where, cause, remedy) -> {
            throw new AssertionError(where, cause);
        }), new Jitter(policy, () -> 1), new Gauge(memory), events::add, accounts);
    }

    private static Policy.Settings settings(long intervalNanos) {
        return new Policy.Settings(false, false, List.of(), 0, -1, EnumSet.allOf(Rung.class), 0, 0, List.of(), intervalNanos, 0, 0);
    }
}
