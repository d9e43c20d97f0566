package stories;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the command line says. @param only the stories that are played; all if it is empty */
record Settings(Path agent, Path out, List<String> only) {
    static final class WrongUse extends Exception {
        private static final long serialVersionUID = 1;

        WrongUse(String message) {
            super(message);
        }
    }

    /** @param home the directory {@code deploy/stories} */
    static Settings parse(Path home, List<String> arguments) throws WrongUse {
        Path agent = home.resolve("../../agent/target/ebb-agent.jar").normalize();
        Path out = home.resolve("target/run");
        List<String> only = List.of();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            String value = parts.length == 2 ? parts[1] : "";
            switch (parts[0]) {
                case "--agent" -> agent = Path.of(value).toAbsolutePath();
                case "--out" -> out = Path.of(value).toAbsolutePath();
                case "--only" -> only = List.of(value.split(","));
                default -> throw new WrongUse("'" + argument + "' is not known; see --help");
            }
        }
        if (!Files.isRegularFile(agent)) {
            throw new WrongUse("There is no agent " + agent + "; build it with 'mvn -q package -DskipTests' in the root, or give --agent=JAR");
        }
        List<String> known = Told.all().stream().map(Told::story).toList();
        if (!known.containsAll(only)) {
            throw new WrongUse("--only: stories are " + String.join(", ", known));
        }
        return new Settings(agent, out, only);
    }
}
