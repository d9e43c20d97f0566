package dev.ebb;

import dev.ebb.load.Live;
import dev.ebb.load.Trouble;
import dev.ebb.record.Recorder;
import dev.ebb.report.Answers;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where commands come in ({@code java -jar ebb-agent.jar status PID}): a directory that only this process's user can have made, with a name that both sides know. The worker looks for
 * it once a second, which takes some microseconds; what is asked is done on a thread of its own, one request at a time. Nothing listens, and the JVM is not attached to.
 */
final class Desk {
    private static final String[] PLACES = {"/tmp", "/var/tmp", "/dev/shm"};
    private static final int START_TIME = 22;
    private static final int MOST_CHARS = 4096;
    /** Rights of the group and of others, of which there must be none. */
    private static final int OTHERS = 077;

    private final Recorder recorder;
    private final Live live;
    private final Trouble trouble;
    private File[] requests;
    private volatile Thread clerk;

    Desk(Recorder recorder, Live live, Trouble trouble) {
        this.recorder = recorder;
        this.live = live;
        this.trouble = trouble;
    }

    /** On the worker. */
    void look() {
        if (requests == null) {
            requests = requests();
        }
        for (int i = 0; i < requests.length; i++) {
            File directory = requests[i].getParentFile();
            // asked here: what somebody else has put there must not keep the clerk from what is in the next place
            if (requests[i].exists() && clerk == null && isPrivate(directory.toPath())) {
                Thread thread = new Thread(null, () -> serve(directory), "ebb-command", 0, false);
                thread.setDaemon(true);
                thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
                clerk = thread;
                thread.start();
            }
        }
    }

    /** None where the system does not tell who this process is. */
    private static File[] requests() {
        try (InputStream in = new FileInputStream("/proc/self/stat")) {
            String stat = new String(in.readNBytes(MOST_CHARS), StandardCharsets.ISO_8859_1);
            String pid = stat.substring(0, stat.indexOf(' '));
            // the name in parentheses may hold anything
            String started = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_TIME - 3];
            File[] files = new File[PLACES.length];
            for (int i = 0; i < files.length; i++) {
                files[i] = new File(PLACES[i] + "/.ebb-" + pid + "-" + started + "/request");
            }
            return files;
        } catch (IOException | RuntimeException e) {
            return new File[0];
        }
    }

    // ---- on a thread of its own

    private void serve(File directory) {
        try {
            recorder.ignoreThisThread();
            File taken = new File(directory, "taken");
            if (!new File(directory, "request").renameTo(taken)) {
                return;
            }
            String request = Files.readString(taken.toPath(), StandardCharsets.UTF_8);
            Path part = directory.toPath().resolve("answer.part");
            Files.writeString(part, new Answers(live).answer(request.substring(0, Math.min(request.length(), MOST_CHARS))), StandardCharsets.UTF_8);
            part.toFile().renameTo(new File(directory, "answer"));
        } catch (IOException | RuntimeException | Error e) {
            // whoever asked may have gone
            trouble.report("command", e, "ask again");
        } finally {
            clerk = null;
        }
    }

    /** Whether nobody but the user of this process, or root, can have put something into it. */
    private static boolean isPrivate(Path directory) {
        try {
            Map<String, Object> found = Files.readAttributes(directory, "unix:uid,mode,isDirectory", LinkOption.NOFOLLOW_LINKS);
            return found.get("isDirectory").equals(true) && ((Integer) found.get("mode") & OTHERS) == 0 && found.get("uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | RuntimeException e) {
            // it has gone, or the system does not tell whose it is
            return false;
        }
    }
}
