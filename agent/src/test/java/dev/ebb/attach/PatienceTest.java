package dev.ebb.attach;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PatienceTest {
    private final List<String> told = new ArrayList<>();
    private final Patience patience = new Patience((what, seconds) -> told.add(what + " " + seconds), TimeUnit.MILLISECONDS.toNanos(2500));

    @Test
    void aQuestionThatIsNotAnsweredIsGivenUp() throws Exception {
        JvmProcess own = JvmProcess.of(Long.toString(ProcessHandle.current().pid()));
        CountDownLatch never = new CountDownLatch(1);
        String why = assertThrows(Refusal.class, () -> patience.ask(own, () -> waitFor(never))).getMessage();
        assertEquals("process " + own.pid() + " does not answer: it hangs, or is stopped; try again when it goes on", why);
        assertTrue(told.stream().allMatch(line -> line.matches("waiting for the JVM to answer [1-9]\\d*")) && !told.isEmpty(), told::toString);
        never.countDown();
    }

    @Test
    void whatIsQuickIsSilentAndWhatFailsSaysWhy() throws Exception {
        assertEquals("done", patience.await("something", () -> "done"));
        assertEquals("no", assertThrows(Refusal.class, () -> patience.await("something", () -> {
            throw new Refusal("no");
        })).getMessage());
        assertThrows(IllegalStateException.class, () -> patience.await("something", () -> {
            throw new IllegalStateException();
        }));
        assertThrows(NoClassDefFoundError.class, () -> patience.await("something", () -> {
            throw new NoClassDefFoundError();
        }));
        assertEquals(List.of(), told);
    }

    private static String waitFor(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES) ? "late" : "too late";
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }
}
