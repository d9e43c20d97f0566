package scenario;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeoutException;

/**
 * A load that opens and makes all sorts of things, keeps what it opened in reach, and throws. Files are made below {@code in} and {@code out}; some of them
 * change hands while the load goes on. "look" on stdin makes it tell what is left.
 */
public final class Undone {
    private static final List<String> CLOSED = Collections.synchronizedList(new ArrayList<>());
    private static final SynchronousQueue<Runnable> OUTSIDE = new SynchronousQueue<>();
    private static AutoCloseable arena;
    private static FileChannel mine;
    private static FileInputStream outsiders;

    private Undone() { }

    /** Tells when it is closed, whoever closes it. */
    private static final class Told extends FileInputStream {
        private final String name;

        Told(String name, Path file) throws IOException {
            super(file.toFile());
            this.name = name;
        }

        @Override
        public void close() throws IOException {
            if (getFD().valid()) {
                CLOSED.add(name);
            }
            super.close();
        }
    }

    /** Watched. Only what Ebb can give back. */
    static void clean(Path in, Throwable end) throws Throwable {
        Path file = Files.write(in.resolve("clean"), new byte[40_000]);
        Files.createDirectories(in.resolve("clean-directory/below"));
        Files.write(in.resolve("clean-directory/below/file"), new byte[2_016]);
        Kept.keep(new Told("first", file));
        arena = Foreign.shared(80_001);
        Kept.keep(new Told("second", file));
        mine = FileChannel.open(file);
        Kept.keep(new RandomAccessFile(file.toFile(), "r"));
        Kept.keep(new Told("third", file));
        new Told("closed before", file).close();
        touch(ByteBuffer.allocateDirect(30_002_016));
        touch(mine.map(FileChannel.MapMode.READ_ONLY, 0, 40_000));
        CLOSED.clear();
        throw end;
    }

    /** Watched. Makes files, and not all of them are to be deleted. */
    static void mixed(Path in, Path out, Throwable end) throws Throwable {
        Files.write(in.resolve("mixed"), new byte[100]);
        Files.write(out.resolve("outside"), new byte[100]);
        Files.write(in.resolve("moved"), new byte[100]);
        Files.move(in.resolve("moved"), in.resolve("moved-in"));
        Files.write(in.resolve("renamed"), new byte[100]);
        check(in.resolve("renamed").toFile().renameTo(in.resolve("renamed-in").toFile()));
        Files.write(in.resolve("moved-away"), new byte[100]);
        Files.move(in.resolve("moved-away"), out.resolve("moved-out"));
        Files.write(in.resolve("before"), new byte[200]);
        Files.write(in.resolve("link-to-out/through-link"), new byte[100]);
        for (String name : new String[] {"replaced", "made-again", "linked", "opened"}) {
            Files.write(in.resolve(name), new byte[100]);
        }
        Files.createDirectory(in.resolve("shared-directory"));
        outside(() -> {
            // the file system may give it the very inode that was freed
            Files.delete(in.resolve("made-again"));
            Files.write(in.resolve("made-again"), new byte[300]);
            Files.write(in.resolve("new"), new byte[300]);
            Files.move(in.resolve("new"), in.resolve("replaced"), StandardCopyOption.REPLACE_EXISTING);
            Files.delete(in.resolve("linked"));
            Files.createSymbolicLink(in.resolve("linked"), out.resolve("precious"));
            outsiders = new FileInputStream(in.resolve("opened").toFile());
            Files.write(in.resolve("shared-directory/of-somebody-else"), new byte[300]);
        });
        throw end;
    }

    /** @param args directories in and out; what to throw: timeout or failure */
    public static void main(String[] args) throws Exception {
        Path in = Path.of(args[0]);
        Path out = Path.of(args[1]);
        Files.write(in.resolve("before"), new byte[100]);
        Files.write(out.resolve("precious"), new byte[100]);
        Files.createSymbolicLink(in.resolve("link-to-out"), out);
        Thread outsider = new Thread(Undone::serveOutside);
        outsider.setDaemon(true);
        outsider.start();
        boolean timeout = args[2].equals("timeout");
        ends(() -> clean(in, timeout ? new TimeoutException("too late") : new IOException("broken")));
        ends(() -> mixed(in, out, timeout ? new TimeoutException("too late") : new IOException("broken")));
        System.out.println("waiting");
        for (int c = System.in.read(); c != 'e'; c = System.in.read()) {
            if (c == 'l') {
                System.out.println("closed " + CLOSED + " channel " + mine.isOpen() + " arena " + (arena == null ? null : Foreign.isAlive(arena)));
            }
        }
        check(outsiders.read() == 0);
    }

    private interface Work {
        void run() throws Throwable;
    }

    private static void ends(Work load) {
        try {
            load.run();
            throw new AssertionError();
        } catch (TimeoutException | IOException expected) {
            // its rollback is the subject
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void outside(Work work) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        OUTSIDE.put(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
            done.countDown();
        });
        Engine.await(done);
    }

    private static void serveOutside() {
        try {
            while (true) {
                OUTSIDE.take().run();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** So that it is resident. */
    private static void touch(ByteBuffer buffer) {
        for (int i = 0; i < buffer.limit(); i += 4096) {
            check(buffer.get(i) == 0);
        }
    }

    private static void check(boolean truth) {
        if (!truth) {
            throw new AssertionError();
        }
    }
}
