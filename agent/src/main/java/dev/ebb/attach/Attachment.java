package dev.ebb.attach;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The way into another JVM: its diagnostic commands, which load nothing, and the native library as an agent that reports and is unloaded again. Only asks; the one thing that the other
 * JVM may show of it is the warning with which JDK 21 and newer announce an agent.
 */
public final class Attachment implements AutoCloseable {
    /** What Agent_OnAttach of doctor.c answers when it has done its work; not 0, so that the JVM unloads it. */
    private static final int DONE = 42;
    private final JvmProcess jvm;
    private final Patience patience;
    private final VirtualMachine machine;

    private Attachment(JvmProcess jvm, Patience patience) throws Refusal {
        this.jvm = jvm;
        this.patience = patience;
        machine = patience.ask(jvm, () -> machine(jvm));
    }

    /** Takes some milliseconds; a minute at most where the JVM does not answer, as every question. @throws Refusal in words for the user */
    public static Attachment to(JvmProcess jvm, Patience patience) throws Refusal {
        jvm.checkExpectsAttach();
        return new Attachment(jvm, patience);
    }

    private static VirtualMachine machine(JvmProcess jvm) throws Refusal {
        try {
            return VirtualMachine.attach(jvm.pid());
        } catch (AttachNotSupportedException e) {
            throw new Refusal("the JVM cannot be attached to (" + e.getMessage() + "): it was started with -XX:+DisableAttachMechanism, hangs, or has another user's /tmp; run this as the "
                + "user of the process, in its container");
        } catch (IOException e) {
            throw new Refusal("the JVM cannot be attached to (" + e.getMessage() + "): run this as the user of the process, or as root");
        }
    }

    /** The answer of a diagnostic command, as of jcmd. The method is public in a class that is not exported: the manifest of the jar opens it for {@code java -jar}. */
    public String command(String command) throws Refusal {
        return patience.ask(jvm, () -> answer(command));
    }

    private String answer(String command) throws Refusal {
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
    public String nativeReport(byte[] library) throws Refusal {
        return patience.ask(jvm, () -> report(library));
    }

    private String report(byte[] library) throws Refusal {
        String trouble = "";
        for (String place : PrivateDirectory.PLACES) {
            try (PrivateDirectory directory = PrivateDirectory.in(jvm, place, "ebb-doctor-" + jvm.pid() + "-" + UUID.randomUUID())) {
                directory.write("libebb.so", library);
                loadLibrary(directory.seenInside("libebb.so"), directory.seenInside("report"));
                return directory.read("report");
            } catch (IOException | AgentLoadException e) {
                trouble += (trouble.isEmpty() ? "" : "; ") + "/" + place + ": " + e.getMessage();
            }
        }
        throw new Refusal("its allocators could not be asked, since no library could be loaded there (" + trouble + ")");
    }

    /** Loads a Java agent. @param jar as the process sees it */
    public void loadAgent(String jar, String arguments) throws Refusal {
        patience.await("the JVM takes the agent, and weaves what is loaded", () -> load(jar, arguments));
    }

    private Void load(String jar, String arguments) throws Refusal {
        try {
            machine.loadAgent(jar, arguments);
            return null;
        } catch (AgentLoadException | AgentInitializationException | IOException e) {
            if (String.valueOf(e.getMessage()).contains("Dynamic agent loading is not enabled")) {
                throw new Refusal("the JVM was started with -XX:-EnableDynamicAgentLoading and takes no agent while it runs; start it with -javaagent:" + jar);
            }
            throw new Refusal("the JVM did not take the agent " + jar + " (" + e.getMessage() + ")");
        }
    }

    /** The version of its Java, as {@code 17}. */
    public int feature() throws Refusal {
        return patience.ask(jvm, this::askFeature);
    }

    private int askFeature() throws Refusal {
        try {
            String version = machine.getSystemProperties().getProperty("java.specification.version", "0");
            return version.startsWith("1.") ? 8 : Integer.parseInt(version);
        } catch (IOException | NumberFormatException e) {
            throw new Refusal("the JVM does not tell its version: " + e.getMessage());
        }
    }

    private void loadLibrary(String library, String report) throws IOException, AgentLoadException, Refusal {
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
