package dev.ebb.doctor;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * The way into another JVM: its diagnostic commands, which load nothing, and the native library as an agent that reports and is unloaded again. Only asks; the one thing that the other
 * JVM may show of it is the warning with which JDK 21 and newer announce an agent.
 */
final class Attachment implements AutoCloseable {
    /** What Agent_OnAttach of doctor.c answers when it has done its work; not 0, so that the JVM unloads it. */
    private static final int DONE = 42;
    private static final String[] DIRECTORIES = {"tmp", "var/tmp", "dev/shm"};

    private final String pid;
    private final VirtualMachine machine;

    private Attachment(String pid, VirtualMachine machine) {
        this.pid = pid;
        this.machine = machine;
    }

    static Attachment to(String pid) throws Refusal {
        try {
            return new Attachment(pid, VirtualMachine.attach(pid));
        } catch (AttachNotSupportedException e) {
            throw new Refusal("the JVM cannot be attached to (" + e.getMessage() + "): it was started with -XX:+DisableAttachMechanism, hangs, or has another user's /tmp; run this as the "
                + "user of the process, in its container");
        } catch (IOException e) {
            throw new Refusal("the JVM cannot be attached to (" + e.getMessage() + "): run this as the user of the process, or as root");
        }
    }

    /** The answer of a diagnostic command, as of jcmd. The method is public in a class that is not exported: the manifest of the jar opens it for {@code java -jar}. */
    String command(String command) throws Refusal {
        try (InputStream answer = (InputStream) machine.getClass().getMethod("executeJCmd", String.class).invoke(machine, command)) {
            return new String(readAll(answer), StandardCharsets.UTF_8);
        } catch (InvocationTargetException | IOException e) {
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            throw new Refusal("the command " + command + " failed: " + cause.getMessage());
        } catch (ReflectiveOperationException e) {
            throw new Refusal("this JDK's attach API has no diagnostic commands (" + e + "); start the doctor with java -jar");
        }
    }

    /** Piece by piece, each from the beginning of its array: this stream fails in readAllBytes of JDK 25 (it passes the end where the length belongs). */
    private static byte[] readAll(InputStream answer) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        for (int length = answer.read(piece, 0, piece.length); length > 0; length = answer.read(piece, 0, piece.length)) {
            all.write(piece, 0, length);
        }
        return all.toByteArray();
    }

    /** @param library in this jar, for the platform of the process. @return the report, written inside the process */
    String nativeReport(byte[] library) throws Refusal {
        String trouble = "";
        for (String directory : DIRECTORIES) {
            try {
                return nativeReport(library, directory);
            } catch (IOException | AgentLoadException e) {
                trouble += (trouble.isEmpty() ? "" : "; ") + "/" + directory + ": " + e.getMessage();
            }
        }
        throw new Refusal("its allocators could not be asked, since no library could be loaded there (" + trouble + ")");
    }

    /** What the process sees as its root may be a container's. The directory is made for its user, who has to write there. */
    private String nativeReport(byte[] library, String under) throws IOException, AgentLoadException, Refusal {
        Path root = Path.of("/proc", pid, "root");
        String name = under + "/ebb-doctor-" + UUID.randomUUID();
        Path directory = Files.createDirectory(root.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = directory.resolve("libebb.so");
        Path report = directory.resolve("report");
        try {
            Files.write(file, library);
            giveTo(directory, file);
            load("/" + name + "/libebb.so", "/" + name + "/report");
            return Files.readString(report);
        } finally {
            Files.deleteIfExists(report);
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }

    private void giveTo(Path... files) throws IOException {
        Object owner = Files.getAttribute(Path.of("/proc", pid), "unix:uid");
        for (Path file : files) {
            if (!owner.equals(Files.getAttribute(file, "unix:uid"))) {
                Files.setAttribute(file, "unix:uid", owner);
            }
        }
    }

    private void load(String library, String report) throws IOException, AgentLoadException, Refusal {
        try {
            machine.loadAgentPath(library, report);
        } catch (AgentInitializationException e) {
            if (e.returnValue() != DONE) {
                throw new Refusal("its allocators could not be asked (the library answered " + e.returnValue() + ": " + e.getMessage() + ")");
            }
        }
    }

    @Override
    public void close() {
        try {
            machine.detach();
        } catch (IOException e) {
            // it has ended
        }
    }
}
