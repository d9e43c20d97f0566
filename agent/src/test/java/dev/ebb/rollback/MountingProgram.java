package dev.ebb.rollback;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Deletes what a load has made where file systems are in the way. To be run where it may mount: in a mount namespace of its own. */
public final class MountingProgram {
    private MountingProgram() { }

    /** @param args an empty directory; what to show */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        Made made = new Made();
        switch (args[1]) {
            case "other mount" -> {
                Path mounted = Files.createDirectory(root.resolve("mounted"));
                run("mount", "-t", "tmpfs", "none", mounted.toString());
                made.directory(mounted.resolve("directory"));
                made.file(mounted.resolve("directory/file"));
            }
            case "full disk" -> {
                run("mount", "-t", "tmpfs", "-o", "size=64k", "none", root.toString());
                made.file(root.resolve("file"));
                fill(root.resolve("filler"));
            }
            case "read-only directory" -> {
                Path bound = Files.createDirectory(root.resolve("bound"));
                made.file(bound.resolve("file"));
                run("mount", "--bind", bound.toString(), bound.toString());
                run("mount", "-o", "remount,ro,bind", bound.toString());
            }
            case "read-only file system" -> {
                run("mount", "-t", "tmpfs", "none", root.toString());
                made.file(root.resolve("file"));
                run("mount", "-o", "remount,ro", root.toString());
            }
            default -> throw new IllegalArgumentException(args[1]);
        }
        for (Deleter.Result result : new Deleter(List.of(root.toString())).delete(made.files(), millis -> false)) {
            System.out.println(result.fate() + " " + result.detail());
        }
        System.out.println(Made.listing(root).stream().filter(line -> !line.startsWith("filler")).toList());
    }

    private static void fill(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[1024]);
            }
        } catch (IOException full) {
            // so it is
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException(String.join(" ", command));
        }
    }
}
