package dev.ebb.attach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How a command reaches the Ebb of another JVM: a directory with a name that both sides know, private to the user of that JVM, in which Ebb's worker looks for a request about once a
 * second. The JVM is not attached to: nothing is loaded there, nothing listens, and no warning is printed. One command at a time.
 */
public final class Letterbox {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** The worker looks once a second, unless it waits for a collection or a purge. */
    private static final long TAKE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final JvmProcess jvm;
    private final Patience.Progress progress;

    public Letterbox(JvmProcess jvm, Patience.Progress progress) {
        this.jvm = jvm;
        this.progress = progress;
    }

    /** @return the answer: JSON. @throws Refusal if there is no Ebb, or none that answers */
    public String ask(String request) throws Refusal {
        if (!jvm.hasEbb()) {
            throw new Refusal("there is no Ebb in process " + jvm.pid() + ": start it with -javaagent, or have it attached by: java -jar ebb-agent.jar attach " + jvm.pid());
        }
        String name = ".ebb-" + jvm.ownPid() + "-" + jvm.startTicks();
        String trouble = "";
        for (String place : PrivateDirectory.PLACES) {
            try (PrivateDirectory directory = PrivateDirectory.in(jvm, place, name)) {
                return ask(directory, request);
            } catch (FileAlreadyExistsException e) {
                if (jvm.owns(Path.of(e.getFile()))) {
                    throw new Refusal("another command is under way, or was killed: " + e.getFile() + " is there; delete it if nobody needs it");
                }
                trouble += (trouble.isEmpty() ? "" : "; ") + e.getFile() + " is somebody else's";
            } catch (IOException e) {
                trouble += (trouble.isEmpty() ? "" : "; ") + "/" + place + ": " + e.getMessage();
            }
        }
        throw new Refusal("no request can be left where the process would find it (" + trouble + "): run this as its user, or as root, in its container; it needs one of these to write in");
    }

    private String ask(PrivateDirectory directory, String request) throws IOException, Refusal {
        Thread interrupted = new Thread(directory::closeQuietly);
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            directory.write("request", request.getBytes(StandardCharsets.UTF_8));
            return answer(directory);
        } finally {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        }
    }

    private String answer(PrivateDirectory directory) throws IOException, Refusal {
        long began = System.nanoTime();
        long told = 0;
        while (!directory.has("answer")) {
            long nanos = System.nanoTime() - began;
            boolean taken = !directory.has("request");
            if (!jvm.isAlive()) {
                throw new Refusal("the process has ended");
            }
            if (!taken && nanos > TAKE_NANOS) {
                throw new Refusal("Ebb in process " + jvm.pid() + " does not answer: it hangs, the process is stopped, or it is of a version without commands");
            }
            if (TimeUnit.NANOSECONDS.toSeconds(nanos) > told) {
                told = TimeUnit.NANOSECONDS.toSeconds(nanos);
                progress.waiting(taken ? "Ebb is at work on it" : "Ebb has not taken it yet", told);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return directory.read("answer");
    }
}
