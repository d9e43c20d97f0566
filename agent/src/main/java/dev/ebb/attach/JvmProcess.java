package dev.ebb.attach;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A running JVM on this machine, seen from outside through {@code /proc}: nothing here is noticed by it. */
public final class JvmProcess {
    private static final int SIGQUIT = 3;
    private static final int START_TIME = 22;
    /** Of Linux: the worker's name, as the JVM tells it to the system. */
    private static final String WORKER = "ebb-worker";

    private final String pid;
    private final Path process;

    private JvmProcess(String pid) {
        this.pid = pid;
        process = Path.of("/proc", pid);
    }

    /** @throws Refusal if there is no such process, it is no JVM, or it may not be looked at */
    public static JvmProcess of(String pid) throws Refusal {
        JvmProcess jvm = new JvmProcess(pid);
        if (!Files.isDirectory(jvm.process)) {
            throw new Refusal("there is no process " + pid + " here; in a container it has another number inside and outside");
        }
        if (!jvm.read("maps").contains("/libjvm.so")) {
            throw new Refusal("process " + pid + " is no JVM");
        }
        return jvm;
    }

    public String pid() {
        return pid;
    }

    /** What the process sees as its root, which may be a container's. */
    public Path root() {
        return process.resolve("root");
    }

    public boolean isAlive() {
        return Files.isDirectory(process);
    }

    /** A file of {@code /proc/PID}. */
    public String read(String file) throws Refusal {
        try (InputStream in = Files.newInputStream(process.resolve(file))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (AccessDeniedException e) {
            throw new Refusal(process.resolve(file) + " may not be read: " + whyNot());
        } catch (NoSuchFileException e) {
            throw new Refusal("the process has ended");
        } catch (IOException e) {
            throw new Refusal(process.resolve(file) + " cannot be read: " + e.getMessage());
        }
    }

    /** The user that it runs as, by number. */
    Object user() throws IOException {
        return Files.getAttribute(process, "unix:uid");
    }

    /** Whether a file is that user's. */
    boolean owns(Path file) {
        try {
            return user().equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException gone) {
            return false;
        }
    }

    private String whyNot() {
        String owner = "somebody";
        try {
            owner = Files.getOwner(process).getName();
        } catch (IOException ended) {
            // then nothing else matters
        }
        String user = System.getProperty("user.name");
        return owner.equals(user) ? "the process is " + user + "'s as you are, but has more rights, or is of another container; run this inside its container, or with the capability SYS_PTRACE"
            : "the process is another user's; run this as that user, or as root (it is " + owner + "'s, you are " + user + ")";
    }

    /**
     * Attaching begins with SIGQUIT, which ends a process that does not expect it: one started with -Xrs, or not ready. One that refuses attaching would print all its stacks.
     */
    public void checkExpectsAttach() throws Refusal {
        if (hasFlag("-XX:+DisableAttachMechanism")) {
            throw new Refusal("process " + pid + " was started with -XX:+DisableAttachMechanism, so that nobody can attach to it: start it without, or with -javaagent:ebb-agent.jar, to which "
                + "commands other than attach and doctor come without attaching");
        }
        String caught = statusField("SigCgt:");
        boolean expected = !caught.isEmpty() && (Long.parseUnsignedLong(caught, 16) >> SIGQUIT - 1 & 1) != 0;
        if (!expected) {
            throw new Refusal("the JVM does not expect the signal by which it would be attached to, and would end: it was started with -Xrs, or only just now");
        }
    }

    /** Whether it was started with this flag, as far as its command line and the variables tell that a JVM reads; a file of arguments is not looked into. */
    public boolean hasFlag(String flag) throws Refusal {
        for (String argument : (read("cmdline") + read("environ")).split("[\\x00\\s=]")) {
            if (argument.equals(flag)) {
                return true;
            }
        }
        return false;
    }

    private String statusField(String name) throws Refusal {
        String status = read("status");
        int at = status.indexOf(name);
        int end = at < 0 ? -1 : status.indexOf('\n', at);
        return end < 0 ? "" : status.substring(at + name.length(), end).trim();
    }

    /** Its number as it knows it, in a container of its own: the last of those that the kernel lists. */
    public String ownPid() throws Refusal {
        String all = statusField("NSpid:");
        return all.isEmpty() ? pid : all.substring(all.lastIndexOf('\t') + 1);
    }

    /** When it was started, in ticks of the system's clock: with its number this names it on the machine. */
    public String startTicks() throws Refusal {
        return startTicks(read("stat"));
    }

    /** @param stat the text of {@code /proc/PID/stat}: the name in it may hold blanks and parentheses */
    static String startTicks(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_TIME - 3];
    }

    /** Whether Ebb runs in it: by its worker. */
    public boolean hasEbb() throws Refusal {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                if (isWorker(thread)) {
                    return true;
                }
            }
            return false;
        } catch (AccessDeniedException e) {
            throw new Refusal("the threads of process " + pid + " may not be listed: run this as its user, or as root");
        } catch (IOException | DirectoryIteratorException e) {
            throw new Refusal("the process has ended");
        }
    }

    private static boolean isWorker(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"), StandardCharsets.ISO_8859_1).trim().equals(WORKER);
        } catch (IOException ended) {
            return false;
        }
    }
}
