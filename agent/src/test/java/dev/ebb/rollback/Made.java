package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import dev.ebb.load.Load;
import dev.ebb.load.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a load of the tests has made on disk, and what is there. */
final class Made {
    private final Load load = new Load(1, new Site(0, "Loader#load", null, false, null, 0, false), "-", null, 0);
    private final List<CreatedFile> files = new ArrayList<>();

    Load load() {
        return load;
    }

    List<CreatedFile> files() {
        return files;
    }

    Path file(Path path) throws IOException {
        return made(Files.writeString(path, "load's " + path.getFileName()));
    }

    Path directory(Path path) throws IOException {
        return made(Files.createDirectory(path));
    }

    private Path made(Path path) throws IOException {
        CreatedFile file = new CreatedFile(load, path.toString(), Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey(),
            true);
        files.add(file);
        load.ledger().add(file);
        return path;
    }

    /** Every file and link below, with its content, and every empty directory. */
    static List<String> listing(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            List<String> lines = new ArrayList<>();
            for (Path path : (Iterable<Path>) all.sorted()::iterator) {
                String name = directory.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    lines.add(name + " -> " + Files.readSymbolicLink(path));
                } else if (!Files.isDirectory(path)) {
                    lines.add(name + ": " + Files.readString(path));
                } else if (!path.equals(directory) && path.toFile().list().length == 0) {
                    lines.add(name + "/");
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
