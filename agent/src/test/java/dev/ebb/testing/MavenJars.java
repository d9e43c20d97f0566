package dev.ebb.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Jars of Maven Central that bring native libraries. {@code .ci/run} fetches them; a test that needs one is skipped by assumption where it was not fetched. */
public final class MavenJars {
    private MavenJars() { }

    /** @param classifier with its hyphen, or empty. @return the jar in the local repository, if it is there */
    public static Optional<Path> jar(String group, String artifact, String version, String classifier) {
        Path repository = Path.of(System.getProperty("ebb.test.repository", System.getProperty("user.home") + "/.m2/repository"));
        Path jar = repository.resolve(group.replace('.', '/')).resolve(artifact).resolve(version).resolve(artifact + "-" + version + classifier + ".jar");
        return Optional.of(jar).filter(Files::isReadable);
    }

    /** Unpacks the one entry whose name ends so. @return the file that it became in the directory */
    public static Path unpack(Path jar, String ending, Path directory) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.stream().map(ZipEntry.class::cast).filter(e -> e.getName().endsWith(ending)).findFirst().orElseThrow();
            Path file = directory.resolve(ending.substring(ending.lastIndexOf('/') + 1));
            try (InputStream content = zip.getInputStream(entry)) {
                Files.copy(content, file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
