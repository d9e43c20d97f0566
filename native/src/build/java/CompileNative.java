import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Part of the build: compiles the C files of one directory into the library that the agent's jar carries. Arguments: source directory, output directory, and optionally a directory
 * with test helpers and where to put them, each file as a library of its own.
 */
public final class CompileNative {
    private static final List<String> OPTIONS = List.of(
        "-std=gnu11", "-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden",
        "-nostdlib",                               // links to no libc, no allocator, no libgcc
        "-fno-builtin", "-fno-stack-protector",    // malloc and free stay calls; nothing of libc's is pulled in
        "-Wl,--build-id=none", "-Wl,-z,noexecstack", "-s"); // the same bytes from the same compiler

    private CompileNative() { }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path sources = Path.of(arguments[0]);
        Path headers = Path.of(System.getProperty("java.home"), "include");
        if (!System.getProperty("os.name").equals("Linux")) {
            fail("is built on Linux only, and this is " + System.getProperty("os.name"));
        }
        if (!Files.isReadable(headers.resolve("jni.h"))) {
            fail("needs a JDK with include/jni.h, and the one that runs Maven has none");
        }
        compile("gcc", architecture(), sources, Path.of(arguments[1]), headers);
        for (String other : List.of("x86_64", "aarch64")) {
            String compiler = other + "-linux-gnu-gcc";
            if (!other.equals(architecture()) && isInstalled(compiler)) {
                compile(compiler, other, sources, Path.of(arguments[1]), headers); // jni_md.h is the same on all of Linux
            }
        }
        if (arguments.length > 3) {
            compileHelpers(Path.of(arguments[2]), Path.of(arguments[3]), headers);
        }
    }

    private static void compile(String compiler, String architecture, Path sources, Path output, Path headers) throws IOException, InterruptedException {
        Path library = output.resolve(Path.of("dev", "ebb", "memory", "linux-" + architecture, "libebb.so"));
        Files.createDirectories(library.getParent());
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(OPTIONS);
        command.addAll(List.of("-I", headers.toString(), "-I", headers.resolve("linux").toString(), "-o", library.toString()));
        command.addAll(filesOf(sources));
        run(command);
    }

    private static boolean isInstalled(String compiler) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(directory, compiler))) {
                return true;
            }
        }
        return false;
    }

    /** Ordinary libraries, linked to this machine's libc. */
    private static void compileHelpers(Path sources, Path output, Path headers) throws IOException, InterruptedException {
        Files.createDirectories(output);
        for (String source : filesOf(sources)) {
            String name = Path.of(source).getFileName().toString().replace(".c", "");
            run(List.of("gcc", "-std=gnu11", "-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror", "-I", headers.toString(), "-I", headers.resolve("linux").toString(),
                "-o", output.resolve("lib" + name + ".so").toString(), source, "-ldl", "-lpthread"));
        }
    }

    /** As the agent names it at run time; see dev.ebb.memory.NativeLibrary. */
    private static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }

    private static List<String> filesOf(Path directory) throws IOException {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "*.c")) {
            stream.forEach(file -> files.add(file.toString()));
        }
        Collections.sort(files); // the order decides the bytes
        return files;
    }

    private static void run(List<String> command) throws InterruptedException {
        try {
            int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (exit != 0) {
                fail("did not compile: gcc ended with " + exit);
            }
        } catch (IOException e) {
            fail("needs gcc, which did not start: " + e.getMessage());
        }
    }

    private static void fail(String what) {
        System.err.println("Ebb's native library " + what + ". To build without it: -Debb.native.skip=true");
        System.exit(1);
    }
}
