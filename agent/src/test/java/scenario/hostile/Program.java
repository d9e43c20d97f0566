package scenario.hostile;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Begins hostile deeds, all at once, and leads each one on when a line on stdin says its name; "end" makes it tell and end. Lines that begin with "late"
 * say what became of late results; all others must be the same without Ebb.
 */
public final class Program {
    private Program() { }

    /** @param args a directory of its own, then the families of deeds that are wanted, or single ones as family/name */
    public static void main(String[] args) throws Exception {
        Map<String, Deed> deeds = new LinkedHashMap<>();
        for (int i = 1; i < args.length; i++) {
            String[] wanted = args[i].split("/");
            for (Deed deed : family(wanted[0], Path.of(args[0]))) {
                if (wanted.length == 1 || deed.order.name.equals(wanted[1])) {
                    deeds.put(deed.order.name, deed);
                    deed.begin();
                }
            }
        }
        System.out.println("waiting");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); !line.equals("end"); line = in.readLine()) {
            deeds.get(line).lead();
            System.out.println("led " + line);
        }
        for (Deed deed : deeds.values()) {
            System.out.println(deed.order.name + " " + deed.program());
        }
        for (Deed deed : deeds.values()) {
            System.out.println("late " + deed.order.name + " " + deed.late());
        }
    }

    private static List<Deed> family(String name, Path directory) {
        return switch (name) {
            case "inside" -> Inside.deeds(directory);
            case "closers" -> Closers.deeds();
            case "places" -> Places.deeds();
            case "revived" -> Closers.revived();
            default -> throw new IllegalArgumentException(name);
        };
    }
}
