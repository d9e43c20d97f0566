package dev.ebb.attach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory where a process sees it too, for its user alone, and deleted with what is in it when it is closed. */
final class PrivateDirectory implements AutoCloseable {
    /** Where a process may write as a rule; without the leading slash, below its root. */
    static final String[] PLACES = {"tmp", "var/tmp", "dev/shm"};

    private final JvmProcess jvm;
    private final Path directory;
    private final String inside;
    /** A command that gives up, or is interrupted, ends while it waits. */
    private final Thread atEnd = new Thread(this::closeQuietly, "ebb private directory");

    private PrivateDirectory(JvmProcess jvm, Path directory, String inside) {
        this.jvm = jvm;
        this.directory = directory;
        this.inside = inside;
        Runtime.getRuntime().addShutdownHook(atEnd);
    }

    /** @throws java.nio.file.FileAlreadyExistsException if it is there already */
    static PrivateDirectory in(JvmProcess jvm, String place, String name) throws IOException {
        Path path = jvm.root().resolve(place).resolve(name);
        PrivateDirectory made = new PrivateDirectory(jvm, Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))),
            "/" + place + "/" + name);
        try {
            made.giveToUser(path);
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** The path of a file in it, for the process. */
    String seenInside(String name) {
        return inside + "/" + name;
    }

    /** The file appears whole. */
    void write(String name, byte[] content) throws IOException {
        Path part = directory.resolve(name + ".part");
        Files.write(part, content);
        giveToUser(part);
        Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    boolean has(String name) {
        return Files.exists(directory.resolve(name));
    }

    String read(String name) throws IOException {
        return Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
    }

    private void giveToUser(Path file) throws IOException {
        Object owner = jvm.user();
        if (!owner.equals(Files.getAttribute(file, "unix:uid"))) {
            Files.setAttribute(file, "unix:uid", owner);
        }
    }

    void closeQuietly() {
        try {
            close();
        } catch (IOException gone) {
            // nothing is left to be deleted, or nobody may
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException e) {
            // it is the end
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(directory);
    }
}
