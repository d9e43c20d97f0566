package patient;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Does what its arguments say, one after the other; {@code read} goes on with the lines of stdin. Knows nothing of Ebb. */
public final class Program {
    private static final List<ByteBuffer> KEPT = new ArrayList<>();

    private Program() { }

    public static void main(String[] steps) throws IOException {
        for (String step : steps) {
            perform(step);
        }
    }

    private static void perform(String step) throws IOException {
        String[] words = step.split(" ");
        switch (words[0]) {
            case "say" -> System.out.println(words[1]);
            case "load" -> load(number(words));
            case "timeout" -> timeOut(number(words));
            case "give-up" -> Early.giveUp(number(words));
            case "initialize" -> System.out.println("loaded " + Early.Locked.LOADED.capacity());
            case "open" -> System.out.println("opened " + new Store.Memory().open("it"));
            case "gc" -> System.gc();
            case "look" -> Sight.print();
            case "log" -> Logs.write();
            case "read" -> read();
            case "exit" -> System.exit(number(words));
            case "halt" -> Runtime.getRuntime().halt(number(words));
            case "throw" -> throw new IllegalStateException("thrown by main");
            default -> throw new IllegalArgumentException(step);
        }
    }

    private static int number(String[] words) {
        return Integer.parseInt(words[1]);
    }

    private static void load(int bytes) {
        KEPT.add(Loader.load(bytes));
        System.out.println("loaded " + bytes);
    }

    private static void timeOut(int bytes) {
        try {
            Loader.loadTooLong(bytes);
        } catch (TimeoutException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void read() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            perform(line);
        }
    }
}
