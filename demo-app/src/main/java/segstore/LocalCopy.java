package segstore;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import segstore.index.IndexSource;

/**
 * An object's copy in the local cache, filled as far as the reader needs it: so the index is built while the rest is
 * still on its way. For one thread.
 */
final class LocalCopy implements IndexSource {
    private static final int PIECE_BYTES = 256 << 10;

    private final Path object;
    private final Path local;
    private final Arrival arrival;
    private final InputStream remote;
    private final RandomAccessFile file;
    private final byte[] piece = new byte[PIECE_BYTES];
    private long copied;

    LocalCopy(Path object, Path local, Arrival arrival) throws IOException {
        this.object = object;
        this.local = local;
        this.arrival = arrival;
        this.remote = new FileInputStream(object.toFile()); // its read, unlike a channel's, survives an interrupt
        this.file = openLocal(local);
    }

    @Override
    public Path path() {
        return object;
    }

    @Override
    public long length() throws IOException {
        return Files.size(object);
    }

    @Override
    public void read(long at, byte[] to, int length) throws IOException {
        require(at + length);
        file.seek(at);
        file.readFully(to, 0, length);
    }

    @Override
    public MappedByteBuffer map(long at, long length) throws IOException {
        require(at + length);
        while (true) {
            try (FileChannel channel = FileChannel.open(local, StandardOpenOption.READ)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, at, length);
            } catch (ClosedByInterruptException e) {
                arrival.interrupted();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (remote; file) {
            // both, whatever happens to the other
        }
    }

    private void require(long upTo) throws IOException {
        while (copied < upTo) {
            int length = remote.read(piece);
            if (length < 0) {
                throw new IOException(object + " ended at byte " + copied + " while " + upTo + " were expected");
            }
            file.seek(copied);
            file.write(piece, 0, length);
            copied += length;
            arrival.arrived(length);
        }
    }

    private RandomAccessFile openLocal(Path path) throws IOException {
        try {
            return new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            remote.close();
            throw e;
        }
    }

    /** Counts the bytes of one load over its three files, keeps their pace, and decides what an interrupt means. */
    static final class Arrival {
        private final Pace pace;
        private final boolean ignoresInterrupts;
        private long bytes;

        Arrival(Pace pace, boolean ignoresInterrupts) {
            this.pace = pace;
            this.ignoresInterrupts = ignoresInterrupts;
        }

        void arrived(int more) throws InterruptedIOException {
            bytes += more;
            while (true) {
                try {
                    pace.await(bytes);
                    return;
                } catch (InterruptedException e) {
                    interrupted();
                }
            }
        }

        /** Throws, or swallows the interrupt: then the caller tries again. */
        void interrupted() throws InterruptedIOException {
            Thread.interrupted();
            if (!ignoresInterrupts) {
                throw new InterruptedIOException("the load was cancelled after " + bytes + " bytes");
            }
        }
    }
}
