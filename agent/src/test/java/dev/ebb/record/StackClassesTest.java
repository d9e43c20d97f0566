package dev.ebb.record;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.net.URLClassLoader;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** On the JDK that runs it: before 22 the list of a security manager, later frames without methods. */
class StackClassesTest {
    private static final int FRAMES = 256;
    private final StackClasses classes = StackClasses.ofThisJdk();

    @Test
    void aClassOnTheStackIsFoundHoweverFarDown() {
        assertTrue(classes.mayHave(type -> type == StackClassesTest.class, FRAMES));
        assertTrue(atDepth(100, FRAMES));
    }

    @Test
    void whatIsNotOnItIsNot() {
        assertFalse(classes.mayHave(type -> type == Inner.class, FRAMES));
    }

    @Test
    void noMoreFramesAreLookedAtThanAskedFor() {
        assertFalse(atDepth(100, 50));
    }

    /** Under so many frames of another class. */
    private boolean atDepth(int depth, int frames) {
        return Inner.call(depth, classes, frames);
    }

    @Test
    void loadersAndLoggersAndWhatIsIgnoredMayMakeWhatIsTakenTheProgramsOwn() {
        FrameTypes types = new FrameTypes(List.of("org.junit.jupiter.api."), type -> MethodHandles.lookup());
        assertTrue(types.test(ClassLoader.class));
        assertTrue(types.test(Logger.class));
        assertTrue(types.test(URLClassLoader.class));
        assertTrue(types.test(Test.class));
    }

    private static final class Inner {
        static boolean call(int depth, StackClasses classes, int frames) {
            return depth == 0 ? classes.mayHave(type -> type == StackClassesTest.class, frames) : call(depth - 1, classes, frames);
        }
    }
}
