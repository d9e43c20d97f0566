package dev.ebb.load;

import org.junit.jupiter.api.Test;

import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PlaceTest {
    @Test
    void whatEbbDoesInAHookIsLeftOut() {
        assertEquals("java.nio.ByteBuffer.m(F:1) < app.Loader.m(F:1)",
            text("java.lang.Integer", "dev.ebb.load.ResourceTable", "dev.ebb.record.Recorder", "java.lang.EbbBridge", "java.nio.ByteBuffer", "app.Loader"));
    }

    @Test
    void aStackThatIsInNoHookIsLeftWhole() {
        assertEquals("java.lang.Object.m(F:1) < app.Loader.m(F:1) < java.lang.Thread.m(F:1)", text("java.lang.Object", "app.Loader", "java.lang.Thread"));
        assertEquals("java.lang.Object.m(F:1) < java.lang.Thread.m(F:1)", text("java.lang.Object", "java.lang.Thread"));
    }

    /** What the program's own code does under a hook's frame is the program's. */
    @Test
    void framesOfTheProgramAboveAHookAreKept() {
        assertEquals("app.Label.m(F:1) < dev.ebb.record.Labels.m(F:1) < java.lang.EbbBridge.m(F:1)", text("app.Label", "dev.ebb.record.Labels", "java.lang.EbbBridge"));
    }

    @Test
    void twelveFramesAndTheNumberOfTheRest() {
        String[] types = Stream.generate(() -> "app.A").limit(20).toArray(String[]::new);
        assertEquals(13, text(types).split(" < ").length);
        assertEquals("8 more", text(types).split(" < ")[12]);
    }

    @Test
    void aThreadThatHasEndedHasNoPlace() {
        assertEquals("", text());
    }

    private static String text(String... types) {
        return Place.text(Stream.of(types).map(type -> new StackTraceElement(type, "m", "F", 1)).toArray(StackTraceElement[]::new));
    }
}
