package dev.ebb.rollback;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * What one deletion is about to move into the trash, in a file at the top of its {@code ebb.files} directory: complete and on disk before the first file is
 * moved, gone after the last was settled. Only its owner may read it, and a lock on it tells that somebody is at work. Used by one thread.
 *
 * <p>The text is ASCII whatever the names are. Each file has a line, {@code move PATH TRASH-PATH KEY BYTES MODIFIED-NANOS}, paths as in a URI; the last line
 * has a checksum of those before it, so that a journal that was cut off or changed is not taken for a whole one.
 */
final class Journal implements Closeable {
    static final String PREFIX = ".ebb-journal-";
    private static final String HEADER = "ebb-journal 1\n";
    private static final String FILE = "move";
    private static final String END = "end";
    /** Group and others, any access. */
    private static final int OTHERS = 0077;

    private final Path file;
    private final FileChannel channel;
    private final List<Trash> files;

    private Journal(Path file, FileChannel channel, List<Trash> files) {
        this.file = file;
        this.channel = channel;
        this.files = files;
    }

    /** Somebody else's, or not what Ebb has written: it is left as it is. */
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1;

        DamagedException(Path file, String what) {
            super("journal " + file + " " + what);
        }
    }

    /** What no other journal has in its name, and nobody can foresee: 16 hexadecimal digits. */
    static String newId() throws IOException {
        // java.security would bring in megabytes of classes just now, when memory is to be given back
        try (InputStream random = new FileInputStream("/dev/urandom")) {
            byte[] bytes = random.readNBytes(Long.BYTES);
            return new BigInteger(1, bytes).setBit(Long.SIZE).toString(16).substring(1);
        }
    }

    /**
     * Writes a journal and makes sure that it is on disk.
     *
     * @throws IOException if that cannot be done, and so nothing may be moved; nothing is left behind then, if that can be helped
     */
    static Journal write(Path root, String id, List<Trash> files) throws IOException {
        Path file = root.resolve(PREFIX + id);
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileChannel channel = FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            // until the lock is held, another Ebb that starts may find it empty and clear it away
            if (channel.tryLock() == null || Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(file + " was taken away by another process");
            }
            ByteBuffer text = ByteBuffer.wrap(text(files).getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
            syncDirectory(root);
            return new Journal(file, channel, files);
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /**
     * Takes over a journal that was left behind.
     *
     * @return null if a living process holds it, or it is gone
     * @throws DamagedException if it cannot be trusted
     */
    static Journal takeOver(Path file) throws IOException {
        FileState state = FileState.of(file);
        int user = FileState.of(Path.of("/proc/self")).user();
        if (!state.isFile() || state.links() != 1 || state.user() != user || (state.mode() & OTHERS) != 0) {
            throw new DamagedException(file, "is not a private file of this user");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean taken = false;
        try {
            FileLock lock = lock(channel);
            taken = lock != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            return taken ? new Journal(file, channel, parse(file, read(channel))) : null;
        } catch (IOException | RuntimeException e) {
            taken = false;
            throw e;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    List<Trash> files() {
        return files;
    }

    Path file() {
        return file;
    }

    /** All of its files are settled. */
    void remove() throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            channel.close();
        }
    }

    /** Leaves it to the next start. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    // ---- its text

    private static String text(List<Trash> files) {
        StringBuilder text = new StringBuilder(HEADER);
        for (Trash trash : files) {
            text.append(FILE).append(' ').append(trash.original().toUri().getRawPath()).append(' ').append(trash.moved().toUri().getRawPath()).append(' ')
                .append(trash.identity().key()).append(' ').append(trash.identity().bytes()).append(' ').append(trash.identity().modifiedNanos()).append('\n');
        }
        String checksum = checksum(text);
        return text.append(END).append(' ').append(checksum).append('\n').toString();
    }

    private static String checksum(CharSequence text) {
        CRC32 crc = new CRC32();
        crc.update(text.toString().getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(crc.getValue());
    }

    /** Through this channel: closing any other one of this process would give up the lock (POSIX). */
    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (text.hasRemaining() && channel.read(text) >= 0) {
            continue;
        }
        return new String(text.array(), 0, text.position(), StandardCharsets.ISO_8859_1);
    }

    private static List<Trash> parse(Path file, String text) throws IOException {
        int end = text.lastIndexOf("\n" + END + " ") + 1;
        if (end == 0 || !text.endsWith("\n")) {
            return cutOff(file, text);
        }
        if (!text.substring(end).equals(END + " " + checksum(text.substring(0, end)) + "\n") || !text.startsWith(HEADER)) {
            throw new DamagedException(file, "is damaged, or of another version of Ebb");
        }
        return files(file, text.substring(HEADER.length(), end));
    }

    /** The process ended while it wrote it, and so before it moved anything. */
    private static List<Trash> cutOff(Path file, String text) throws IOException {
        if (!text.startsWith(HEADER) && !HEADER.startsWith(text)) {
            throw new DamagedException(file, "is damaged, or of another version of Ebb");
        }
        int whole = text.lastIndexOf('\n') + 1;
        for (Trash trash : whole <= HEADER.length() ? List.<Trash>of() : files(file, text.substring(HEADER.length(), whole))) {
            if (Files.exists(trash.moved(), LinkOption.NOFOLLOW_LINKS)) {
                throw new DamagedException(file, "has lost its end");
            }
        }
        return List.of();
    }

    private static List<Trash> files(Path file, String lines) throws DamagedException {
        String id = file.getFileName().toString().substring(PREFIX.length());
        List<Trash> files = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            Trash trash = parse(line);
            if (trash == null || !trash.isBelow(file.getParent(), id)) {
                throw new DamagedException(file, "is damaged: " + line);
            }
            files.add(trash);
        }
        return files;
    }

    /** @return null if it is no line of a journal */
    private static Trash parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 6 || !words[0].equals(FILE)) {
            return null;
        }
        try {
            FileState.Identity identity = new FileState.Identity(words[3], Long.parseLong(words[4]), Long.parseLong(words[5]));
            return new Trash(path(words[1]), path(words[2]), identity);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static Path path(String raw) {
        return Path.of(URI.create("file://" + raw));
    }

    /** So that the journal's name survives a loss of power, too; a file system that cannot do it may have its reasons. */
    private static void syncDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // kill -9 loses nothing that was written
        }
    }
}
