package fleet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the command line says. @param slowSeconds how long the store is slow for one worker @param fresh each attempt to load has a directory of its own */
record Settings(Path home, Path agent, Path out, long segmentBytes, long timeoutMillis, int slowSeconds, int settleSeconds, int queriesPerSecond, boolean fresh) {
    static final class WrongUse extends Exception {
        WrongUse(String message) {
            super(message);
        }
    }

    /** @param home the directory {@code deploy/fleet} */
    static Settings parse(Path home, String[] arguments) throws WrongUse {
        Path agent = home.resolve("../../agent/target/ebb-agent.jar").normalize();
        Path out = home.resolve("target/run");
        long segment = 128L << 20;
        long timeout = 10;
        int slow = 40;
        int settle = 30;
        int queries = 200;
        boolean fresh = false;
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            String value = parts.length == 2 ? parts[1] : "";
            switch (parts[0]) {
                case "--agent" -> agent = Path.of(value).toAbsolutePath();
                case "--out" -> out = Path.of(value).toAbsolutePath();
                case "--segment" -> segment = size(argument, value);
                case "--timeout" -> timeout = number(argument, value, 1, 600);
                case "--slow" -> slow = (int) number(argument, value, 1, 600);
                case "--settle" -> settle = (int) number(argument, value, 5, 600);
                case "--queries" -> queries = (int) number(argument, value, 10, 100_000);
                case "--fresh" -> fresh = true;
                default -> throw new WrongUse("'" + argument + "' is not known; see --help");
            }
        }
        if (!Files.isRegularFile(agent)) {
            throw new WrongUse("There is no agent " + agent + "; build it with 'mvn -q package -DskipTests' in the root, or give --agent=JAR");
        }
        if (slow <= timeout) {
            throw new WrongUse("--slow has to be longer than --timeout, else no load times out");
        }
        return new Settings(home, agent, out, segment, timeout * 1000, slow, settle, queries, fresh);
    }

    private static long number(String argument, String value, long least, long most) throws WrongUse {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, as a number out of range is
        }
        throw new WrongUse("'" + argument + "': a whole number from " + least + " to " + most + " is wanted");
    }

    private static long size(String argument, String value) throws WrongUse {
        if (!value.toLowerCase(Locale.ROOT).matches("\\d{1,6}m")) {
            throw new WrongUse("'" + argument + "': a size such as 256m is wanted");
        }
        long mebibytes = Long.parseLong(value.substring(0, value.length() - 1));
        if (mebibytes < 32 || mebibytes > 4096) {
            throw new WrongUse("'" + argument + "': 32m to 4096m is wanted");
        }
        return mebibytes << 20;
    }
}
