package dev.ebb.memory;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The library as a file of its own, which nobody else could have put there or can change: in a directory with an unpredictable name that was created for its owner alone. Creating
 * fails if the name exists, as a link or otherwise. On Linux a loaded library needs its file no more, so {@link #delete} may follow at once.
 */
final class UnpackedLibrary {
    private final Path directory;
    private final Path file;

    private UnpackedLibrary(Path directory) {
        this.directory = directory;
        this.file = directory.resolve("libebb.so");
    }

    /** @param under an existing directory, usually java.io.tmpdir */
    static UnpackedLibrary unpack(InputStream library, Path under) throws IOException {
        Path directory = Files.createDirectory(under.resolve("ebb-" + unpredictable()), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        UnpackedLibrary unpacked = new UnpackedLibrary(directory);
        try {
            unpacked.checkPrivate();
            try (FileOutputStream out = new FileOutputStream(unpacked.file.toFile())) {
                library.transferTo(out);
            }
            return unpacked;
        } catch (IOException | RuntimeException e) {
            unpacked.delete();
            throw e;
        }
    }

    /** 128 bits. SecureRandom and Files.createTempDirectory would leave a descriptor of the random device open in the program, and a file channel a socket. */
    private static String unpredictable() throws IOException {
        byte[] random = new byte[16];
        try (FileInputStream device = new FileInputStream("/dev/urandom")) {
            if (device.readNBytes(random, 0, random.length) != random.length) {
                throw new IOException("/dev/urandom gave too little");
            }
        }
        return new BigInteger(1, random).toString(Character.MAX_RADIX);
    }

    Path file() {
        return file;
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(directory);
    }

    /** Some file systems (vfat, some network mounts) know no permissions: there everybody could exchange the file before it is loaded. */
    private void checkPrivate() throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> permissions = attributes.permissions();
        if (!attributes.isDirectory() || permissions.contains(PosixFilePermission.GROUP_WRITE) || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(directory + " is not private to its owner");
        }
    }
}
