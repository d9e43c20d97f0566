package dev.ebb.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real JVM that a test started: its output is collected, lines are awaited and never polled for, and {@link #close} ends it.
 *
 * <pre>
 * try (ForkedJvm jvm = ForkedJvm.java(jdk).option("-Dx=y").env("LD_PRELOAD", path).main(Scenario.class).args("1").start()) {
 *     jvm.await("ready (\\d+)", Duration.ofSeconds(20)).group(1);
 *     assertEquals(0, jvm.waitFor(Duration.ofSeconds(20)));
 * }
 * </pre>
 *
 * Safe for any thread. What goes wrong is an {@link AssertionError} that shows the command and all output.
 */
public final class ForkedJvm implements AutoCloseable {
    private final Process process;
    private final String command;
    private final Object lock = new Object();
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private int openStreams = 2;

    private ForkedJvm(Process process, String command, Predicate<String> listener) {
        this.process = process;
        this.command = command;
        collect(process.getInputStream(), out, listener);
        collect(process.getErrorStream(), err, listener);
    }

    public static Command java(Jdks.Jdk jdk) {
        return new Command(jdk);
    }

    /**
     * Waits until a line of stdout or stderr contains a match, lines that came already included.
     *
     * @return the first match; its groups are what the test wants to read
     */
    public MatchResult await(String regex, Duration timeout) {
        Pattern pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (lock) {
            while (true) {
                MatchResult match = firstMatch(pattern);
                if (match != null) {
                    return match;
                }
                if (openStreams == 0) {
                    throw failure("ended without a line that matches " + regex);
                }
                waitUntil(deadline, "no line matched " + regex + " within " + timeout);
            }
        }
    }

    /** Waits until a line of stderr came for each of these names; each line is looked at once. @param name what a line is about, or null */
    public void awaitEach(Set<String> names, UnaryOperator<String> name, Duration timeout) {
        Set<String> missing = new HashSet<>(names);
        long deadline = System.nanoTime() + timeout.toNanos();
        int seen = 0;
        synchronized (lock) {
            while (true) {
                for (; seen < err.size(); seen++) {
                    missing.remove(name.apply(err.get(seen)));
                }
                if (missing.isEmpty()) {
                    return;
                }
                if (openStreams == 0) {
                    throw failure("ended without a line about " + missing);
                }
                waitUntil(deadline, "no line came within " + timeout + " about " + missing);
            }
        }
    }

    /** Waits until so many lines of stdout or stderr contain a match. */
    public void awaitCount(String regex, Duration timeout, int count) {
        Pattern pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (lock) {
            while (matches(pattern) < count) {
                if (openStreams == 0) {
                    throw failure("ended with fewer than " + count + " lines that match " + regex);
                }
                waitUntil(deadline, "fewer than " + count + " lines matched " + regex + " within " + timeout);
            }
        }
    }

    private long matches(Pattern pattern) {
        return Stream.concat(out.stream(), err.stream()).filter(line -> pattern.matcher(line).find()).count();
    }

    /** Waits for the end of the JVM and of its output. @return the exit code; 128 + n if signal n ended it */
    public int waitFor(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (lock) {
            while (openStreams > 0) {
                waitUntil(deadline, "did not end within " + timeout);
            }
        }
        try {
            if (!process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw failure("closed its output and did not end within " + timeout);
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
        return process.exitValue();
    }

    /** What came so far; all of it after {@link #waitFor}. */
    public String stdout() {
        return text(out);
    }

    /** What came so far; all of it after {@link #waitFor}. */
    public String stderr() {
        return text(err);
    }

    public long pid() {
        return process.pid();
    }

    /** Writes one line to the JVM's stdin, for scenarios that a test leads step by step. */
    public void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new AssertionError(failure("took no input: " + e).getMessage(), e);
        }
    }

    /** An error with the command and all output, for assertions of the caller's own. */
    public AssertionError failure(String what) {
        return new AssertionError(what + "\n--- command: " + command + "\n--- stdout:\n" + stdout() + "--- stderr:\n" + stderr());
    }

    /** Ends it by SIGKILL, and returns when it has ended. */
    public void kill() {
        process.destroyForcibly();
        waitFor(Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private MatchResult firstMatch(Pattern pattern) {
        for (List<String> lines : List.of(out, err)) {
            for (String line : lines) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.find()) {
                    return matcher.toMatchResult();
                }
            }
        }
        return null;
    }

    private void waitUntil(long deadline, String orElse) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
            throw failure(orElse);
        }
        try {
            lock.wait(millis);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private AssertionError interrupted() {
        Thread.currentThread().interrupt();
        return failure("the test was interrupted");
    }

    private String text(List<String> lines) {
        synchronized (lock) {
            return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        }
    }

    private void collect(InputStream stream, List<String> lines, Predicate<String> listener) {
        Thread reader = new Thread(() -> read(stream, lines, listener), "forked-jvm-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream, List<String> lines, Predicate<String> listener) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!listener.test(line)) {
                    synchronized (lock) {
                        lines.add(line);
                        lock.notifyAll();
                    }
                }
            }
        } catch (IOException e) {
            // close() ended the JVM while we read: what came is all there is
        } finally {
            synchronized (lock) {
                openStreams--;
                lock.notifyAll();
            }
        }
    }

    /** What to start. The variables by which a JVM takes options from outside, and LD_PRELOAD, are not inherited. Not safe for threads; every method answers the command itself. */
    public static final class Command {
        private static final List<String> NOT_INHERITED = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "LD_PRELOAD");

        private final Jdks.Jdk jdk;
        private final List<String> options = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final List<String> arguments = new ArrayList<>();
        private String classpath = System.getProperty("java.class.path");
        private String mainClass;
        private Path jar;
        private Predicate<String> listener = line -> false;
        private String[] wrapper = {};

        private Command(Jdks.Jdk jdk) {
            this.jdk = jdk;
        }

        /** One or more options of the JVM, each as one argument. */
        public Command option(String... jvmOptions) {
            options.addAll(List.of(jvmOptions));
            return this;
        }

        public Command env(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Replaces the class path, which is otherwise the test's own. */
        public Command classpath(Path... entries) {
            List<String> texts = new ArrayList<>();
            for (Path entry : entries) {
                texts.add(entry.toString());
            }
            classpath = String.join(File.pathSeparator, texts);
            return this;
        }

        /** Adds to the class path. */
        public Command alsoOnClasspath(Path... entries) {
            for (Path entry : entries) {
                classpath += File.pathSeparator + entry;
            }
            return this;
        }

        public Command main(Class<?> main) {
            return main(main.getName());
        }

        public Command main(String className) {
            mainClass = className;
            return this;
        }

        /** A command that starts the JVM as its last arguments say, as {@code nice}. */
        public Command under(String... command) {
            wrapper = command.clone();
            return this;
        }

        /** Runs a jar by its manifest, instead of {@link #main} and the class path. */
        public Command jar(Path path) {
            jar = path;
            return this;
        }

        public Command args(String... programArguments) {
            arguments.addAll(List.of(programArguments));
            return this;
        }

        /** Gets each line of stdout and stderr, on a thread for each, and answers whether it is not to be kept: for more output than memory should hold. */
        public Command listener(Predicate<String> hears) {
            listener = hears;
            return this;
        }

        public ForkedJvm start() {
            List<String> command = new ArrayList<>(List.of(wrapper));
            command.add(jdk.java().toString());
            command.addAll(options);
            command.addAll(jar != null ? List.of("-jar", jar.toString()) : List.of("-cp", classpath, mainClass));
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().keySet().removeIf(name -> NOT_INHERITED.contains(name) || name.startsWith("EBB_"));
            builder.environment().putAll(environment);
            try {
                return new ForkedJvm(builder.start(), environment + " " + String.join(" ", command), listener);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
