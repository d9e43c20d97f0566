package dev.ebb.report;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Where lines go: a file that is appended to, or stderr; never stdout. A file that cannot be opened or written is given up for stderr, and one line says so.
 *
 * <p>Called on Ebb's own threads only. A private lock keeps lines apart; every line is one write call and is not buffered, so that it survives the death of the process, and lines of
 * processes that share the file do not mix.
 */
final class LogOutput {
    /** Makes the line that tells of a file which cannot be used. */
    interface Complaint {
        String line(String path, IOException cause);
    }

    private final Object lock = new Object();
    private final String path;
    private final OutputStream stderr;
    private final Complaint complaint;
    private OutputStream out;
    private long lostLines;
    /** When the line that is on its way was begun, by {@link System#nanoTime}; 0 if none is. */
    private volatile long writingNanos;

    /** @param path of the file, whose missing parents are created; empty for stderr */
    LogOutput(String path, Complaint complaint) {
        // not System.err: the program may have put its own logging there, with locks of its own
        this(path, new FileOutputStream(FileDescriptor.err), complaint);
    }

    LogOutput(String path, OutputStream stderr, Complaint complaint) {
        this.path = path;
        this.stderr = stderr;
        this.complaint = complaint;
    }

    /** Throws nothing: a line that not even stderr takes is counted and lost. */
    void write(String line) {
        byte[] bytes = bytes(line);
        synchronized (lock) {
            writingNanos = System.nanoTime() | 1;
            try {
                if (out == null) {
                    open();
                }
                write(bytes);
            } finally {
                writingNanos = 0;
            }
        }
    }

    private void write(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException full) {
            if (out != stderr) {
                fallBack(full);
                writeToStderr(bytes);
            } else {
                lostLines++;
            }
        }
    }

    /** Whether a line has been on its way for so long. Takes no lock. */
    boolean isStuck(long nanos) {
        long since = writingNanos;
        return since != 0 && System.nanoTime() - since > nanos;
    }

    /** Lines that could be written nowhere. */
    long lostLines() {
        synchronized (lock) {
            return lostLines;
        }
    }

    /** Closes the file; a later line opens it again. */
    void close() {
        synchronized (lock) {
            if (out != stderr) {
                closeQuietly();
                out = null;
            }
        }
    }

    private void open() {
        if (path.isEmpty()) {
            out = stderr;
            return;
        }
        try {
            File parent = new File(path).getAbsoluteFile().getParentFile();
            if (parent != null) {
                // the next line says better than its result why it failed
                parent.mkdirs();
            }
            out = new FileOutputStream(path, true);
        } catch (IOException unusable) {
            fallBack(unusable);
        }
    }

    private void fallBack(IOException cause) {
        closeQuietly();
        out = stderr;
        writeToStderr(bytes(complaint.line(path, cause)));
    }

    private void writeToStderr(byte[] bytes) {
        try {
            stderr.write(bytes);
        } catch (IOException closed) {
            lostLines++;
        }
    }

    private void closeQuietly() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException alreadyBroken) {
            // nothing is buffered in it, so nothing is lost with it
        }
    }

    private static byte[] bytes(String line) {
        return line.concat("\n").getBytes(StandardCharsets.UTF_8);
    }
}
