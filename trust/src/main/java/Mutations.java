import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Breaks Ebb on purpose, one promise after the other, and sees whether the test that stands for the promise notices. Run by trust/mutations, in a copy of the tree.
 */
public final class Mutations {
    private static final Pattern TESTS = Pattern.compile("<testsuite\\b[^>]*\\btests=\"(\\d+)\"");
    private static final Pattern FAILED = Pattern.compile("<testcase\\b[^>]*\\bname=\"([^\"]*)\"[^>]*>\\s*<(?:failure|error)\\b(?:[^>]*\\bmessage=\"([^\"]*)\")?");

    private Mutations() { }

    /** Whole lines of one file, whatever their indentation, that others take the place of. */
    private record Mutation(String name, String test, Path file, List<String> lines, List<String> others) {
        static Mutation of(List<String> block) {
            List<String> lines = new ArrayList<>();
            List<String> others = new ArrayList<>();
            String[] head = block.get(0).split(" ");
            for (String line : block.subList(2, block.size())) {
                (line.startsWith("-") ? lines : others).add(line.substring(1).strip());
            }
            return new Mutation(head[0], head[1], Path.of(block.get(1)), lines, others);
        }

        /** @return the text with the other lines. @throws IllegalStateException unless the lines stand in it once */
        String applyTo(String text) {
            List<String> all = text.lines().toList();
            List<Integer> found = new ArrayList<>();
            for (int i = 0; i + lines.size() <= all.size(); i++) {
                if (all.subList(i, i + lines.size()).stream().map(String::strip).toList().equals(lines)) {
                    found.add(i);
                }
            }
            if (found.size() != 1) {
                throw new IllegalStateException(name + ": its lines are " + found.size() + " times in " + file);
            }
            int at = found.get(0);
            return Stream.of(all.subList(0, at), others, all.subList(at + lines.size(), all.size())).flatMap(List::stream).map(line -> line + "\n").reduce("", String::concat);
        }
    }

    /** @param args file with the mutations, directory for logs, names of those that are wanted (all); in a tree that has been built once */
    public static void main(String[] args) throws IOException, InterruptedException {
        Set<String> wanted = Set.of(List.of(args).subList(2, args.length).toArray(String[]::new));
        List<Mutation> all = Stream.of(Files.readString(Path.of(args[0])).split("\n\n+")).map(block -> block.lines().filter(line -> !line.startsWith("#")).toList())
            .filter(block -> !block.isEmpty()).map(Mutation::of).toList();
        int survived = 0;
        System.out.println("| broken | test | answer | seconds |\n|---|---|---|--:|");
        for (Mutation mutation : all) {
            if (wanted.isEmpty() || wanted.contains(mutation.name)) {
                long begun = System.nanoTime();
                String answer = tryOut(mutation, Path.of(args[1]));
                survived += answer.startsWith("caught") ? 0 : 1;
                System.out.printf("| %s | `%s` | %s | %d |%n", mutation.name, mutation.test, answer, (System.nanoTime() - begun) / 1_000_000_000);
            }
        }
        System.exit(survived == 0 ? 0 : 1);
    }

    private static String tryOut(Mutation mutation, Path logs) throws IOException, InterruptedException {
        String whole = Files.readString(mutation.file);
        Files.writeString(mutation.file, mutation.applyTo(whole));
        try {
            return run(mutation, logs.resolve(mutation.name + ".log"));
        } finally {
            Files.writeString(mutation.file, whole);
        }
    }

    private static String run(Mutation mutation, Path log) throws IOException, InterruptedException {
        boolean integration = mutation.test.matches("\\w+IT\\b.*");
        Path reports = Path.of("agent/target", integration ? "failsafe-reports" : "surefire-reports");
        clear(reports);
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-ntp", "-q", "-pl", "native,agent", "-Debb.test.jdk=17", "-Dmaven.compiler.useIncrementalCompilation=false",
            "-Dsurefire.failIfNoSpecifiedTests=false"));
        command.addAll(integration ? List.of("-Dtest=NoSuchTest", "-Dit.test=" + mutation.test, "verify") : List.of("-Dtest=" + mutation.test, "test"));
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
        int tests = 0;
        List<String> failed = new ArrayList<>();
        for (String report : reports(reports)) {
            for (Matcher matcher = TESTS.matcher(report); matcher.find();) {
                tests += Integer.parseInt(matcher.group(1));
            }
            for (Matcher matcher = FAILED.matcher(report); matcher.find();) {
                failed.add(matcher.group(1));
            }
        }
        return tests == 0 ? "NOT RUN, see " + log : failed.isEmpty() ? "NOT CAUGHT by " + tests + " tests" : "caught by " + failed.size() + " of " + tests;
    }

    private static List<String> reports(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).map(Mutations::read).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void clear(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
