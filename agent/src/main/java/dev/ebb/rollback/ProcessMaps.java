package dev.ebb.rollback;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the {@code maps} of processes without making an object of each line: a JVM has thousands, and what Ebb allocates in a heap that was not touched before
 * is counted as memory that did not come back. Used by one thread.
 */
final class ProcessMaps {
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final byte[] TRASH = ("/" + Trash.PREFIX).getBytes(StandardCharsets.US_ASCII);

    private final List<byte[]> directories = new ArrayList<>();
    /** Longer lines, of paths beyond what the kernel opens, are taken for two. */
    private final byte[] buffer = new byte[1 << 15];

    /** @param directories files below them are told, and everywhere those in the trash */
    ProcessMaps(List<Path> directories) {
        for (Path directory : directories) {
            this.directories.add(directory.toString().getBytes(NAMES));
        }
    }

    /** @param found gets each path that is wanted, as often as it is mapped */
    void read(File maps, Consumer<String> found) throws IOException {
        // a stream: the first file channel of a JVM opens a socket that stays
        try (InputStream file = new FileInputStream(maps)) {
            int held = 0;
            for (int more = file.read(buffer); more > 0; more = file.read(buffer, held, buffer.length - held)) {
                held += more;
                int line = 0;
                for (int at = held - more; at < held; at++) {
                    if (buffer[at] == '\n') {
                        look(line, at, found);
                        line = at + 1;
                    }
                }
                held = line == 0 && held == buffer.length ? 0 : held - line;
                System.arraycopy(buffer, line, buffer, 0, held);
            }
        }
    }

    /** A line as {@code 7f00-7f01 r--p 00000000 fe:00 1234    /path}. */
    private void look(int from, int to, Consumer<String> found) {
        int path = from;
        while (path < to && buffer[path] != '/') {
            path++;
        }
        if (path < to && isWanted(path, to)) {
            found.accept(new String(buffer, path, to - path, NAMES));
        }
    }

    private boolean isWanted(int path, int to) {
        for (byte[] directory : directories) {
            if (startsWith(directory, path, to)) {
                return true;
            }
        }
        int name = to;
        while (buffer[name - 1] != '/') {
            name--;
        }
        return startsWith(TRASH, name - 1, to);
    }

    private boolean startsWith(byte[] start, int at, int to) {
        return to - at >= start.length && Arrays.equals(start, 0, start.length, buffer, at, at + start.length);
    }
}
