package patient;

import org.slf4j.LoggerFactory;

/** Logs through SLF4J, of which the program has its own copy and its own binding. */
final class Logs {
    private Logs() { }

    static void write() {
        LoggerFactory.getLogger("patient").info("one line of the program");
        System.out.println("bound to " + LoggerFactory.getILoggerFactory().getClass().getName());
    }
}
