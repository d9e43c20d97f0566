package dev.ebb.rollback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32;

/**
 * A journal that an earlier process left, or somebody else wrote: it is taken over or refused, and whatever it names is below its directory. For Jazzer, which {@code trust/fuzz} runs;
 * {@link JournalCorpusTest} runs it on what was found. Half of the inputs get the checksum that is right for them, since nobody finds one by chance.
 */
public final class JournalFuzz {
    private static final Path ROOT = root();

    private JournalFuzz() { }

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Path file = ROOT.resolve(Journal.PREFIX + "0123456789abcdef");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, data.length > 0 && (data[0] & 1) == 0 ? withChecksum(data) : data);
        try (Journal journal = Journal.takeOver(file)) {
            if (journal != null) {
                journal.files().forEach(JournalFuzz::check);
            }
        } catch (Journal.DamagedException announced) {
            // it is left as it is
        }
        Files.deleteIfExists(file);
    }

    private static void check(Trash trash) {
        for (Path path : new Path[] {trash.original(), trash.moved()}) {
            if (!path.isAbsolute() || !path.startsWith(ROOT) || path.equals(ROOT) || !path.equals(path.normalize())) {
                throw new AssertionError(path + " is not below " + ROOT);
            }
        }
    }

    /** Lines in which %R stands for the directory. */
    private static byte[] withChecksum(byte[] data) {
        String lines = new String(data, 1, data.length - 1, StandardCharsets.ISO_8859_1).replace("%R", ROOT.toString());
        String text = "ebb-journal 1\n" + lines + "\n";
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return (text + "end " + Long.toHexString(crc.getValue()) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Path root() {
        try {
            Path root = Files.createTempDirectory("fuzz").toRealPath();
            root.toFile().deleteOnExit();
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
