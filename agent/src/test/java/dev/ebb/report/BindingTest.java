package dev.ebb.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.SLF4JServiceProvider;

class BindingTest {
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final LogOutput output = new LogOutput("", stderr, (path, cause) -> path);
    private final Logger logger = new EbbServiceProvider(Level.INFO, new TextFormat(), output).getLoggerFactory().getLogger("some.Library");

    @Test
    void theServiceFileNamesTheBinding() {
        assertInstanceOf(EbbServiceProvider.class, ServiceLoader.load(SLF4JServiceProvider.class).findFirst().orElseThrow());
        assertInstanceOf(EbbLogger.class, LoggerFactory.getLogger("x"));
    }

    @Test
    void ordinaryMessagesBecomeOneLineToo() {
        logger.warn("{} of {}", "two\nlines", 3, new IllegalStateException("oh no"));
        String line = stderr.toString(StandardCharsets.UTF_8);
        assertTrue(line.endsWith(" WARN message logger=some.Library message=\"two\\nlines of 3\" cause=\"java.lang.IllegalStateException: oh no\"\n"), line);
    }

    @Test
    void ordinaryMessagesAreFiltered() {
        logger.debug("hidden");
        logger.atDebug().addKeyValue("k", "v").log("hidden");
        assertEquals("", stderr.toString(StandardCharsets.UTF_8));
        logger.atInfo().addKeyValue("k", "v").log("shown");
        assertTrue(stderr.toString(StandardCharsets.UTF_8).endsWith(" INFO message logger=some.Library message=shown k=v\n"));
    }

    /** LoggerFactory obeys -Dslf4j.provider and prints "SLF4J(…)" lines; Reporter prints them. Neither may be reached by an event. */
    @Test
    void anEventDoesNotInitialiseSlf4j() throws ReflectiveOperationException {
        Recording loader = use("dev.ebb.report.BindingTest$OneEvent");
        assertTrue(loader.loaded.contains("org.slf4j.spi.DefaultLoggingEventBuilder"), "through SLF4J: " + loader.loaded);
        assertFalse(loader.loaded.contains("org.slf4j.LoggerFactory"), loader.loaded.toString());
        assertFalse(loader.loaded.contains("org.slf4j.helpers.Reporter"), loader.loaded.toString());
        assertFalse(loader.loaded.contains("com.grack.nanojson.JsonWriter"), "text needs no JSON: " + loader.loaded);
    }

    @Test
    void histogramsAreLoadedAtTheFirstRecordOnly() throws ReflectiveOperationException {
        assertFalse(use("dev.ebb.report.BindingTest$EmptyFigures").loaded.contains("org.HdrHistogram.Histogram"));
        assertTrue(use("dev.ebb.report.BindingTest$OneFigure").loaded.contains("org.HdrHistogram.Histogram"));
    }

    private static Recording use(String task) throws ReflectiveOperationException {
        Recording loader = new Recording();
        ((Runnable) loader.loadClass(task).getDeclaredConstructor().newInstance()).run();
        return loader;
    }

    public static final class OneEvent implements Runnable {
        @Override
        public void run() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new EventLog("info", false, "", out).event(new dev.ebb.load.Event(dev.ebb.load.Event.Level.INFO, "x").with("a", 1));
            if (out.size() == 0) {
                throw new AssertionError("nothing written");
            }
        }
    }

    public static final class EmptyFigures implements Runnable {
        @Override
        public void run() {
            new Figures().summary();
        }
    }

    public static final class OneFigure implements Runnable {
        @Override
        public void run() {
            new Figures().recordPurge(1, 0);
        }
    }

    /** Defines our classes and the libraries anew, and remembers which. */
    private static final class Recording extends ClassLoader {
        private final Set<String> loaded = new TreeSet<>();

        Recording() {
            super(BindingTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean ours = name.startsWith("dev.ebb.") || name.startsWith("org.slf4j.") || name.startsWith("org.HdrHistogram.") || name.startsWith("com.grack.");
            synchronized (getClassLoadingLock(name)) {
                Class<?> type = findLoadedClass(name);
                return type != null ? type : ours ? define(name) : super.loadClass(name, resolve);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                loaded.add(name);
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
