package scenario;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeoutException;

/**
 * Loads that each make one file in a directory of its own, and end when and as they are told to: on stdin {@code begin FILE LABEL}, {@code end FILE well} or
 * {@code end FILE timeout}, {@code exit}.
 */
public final class OnDisk {
    private static final Map<String, SynchronousQueue<String>> ENDS = new ConcurrentHashMap<>();

    private OnDisk() { }

    /** Watched. */
    static Path load(String label, Path directory, String name) throws Exception {
        Files.createDirectories(directory.resolve("shared"));
        Files.createDirectory(directory.resolve(name));
        Path file = Files.writeString(directory.resolve(name).resolve("file"), label);
        System.out.println("made " + name);
        if (ENDS.get(name).take().equals("timeout")) {
            throw new TimeoutException(name);
        }
        return file;
    }

    /** @param args the directory */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        System.out.println("waiting");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String[] words = in.readLine().split(" "); !words[0].equals("exit"); words = in.readLine().split(" ")) {
            String name = words[1];
            String word = words[2];
            if (words[0].equals("end")) {
                ENDS.get(name).put(word);
            } else {
                ENDS.put(name, new SynchronousQueue<>());
                new Thread(() -> run(word, directory, name)).start();
            }
        }
    }

    private static void run(String label, Path directory, String name) {
        try {
            load(label, directory, name);
            System.out.println("loaded " + name);
        } catch (TimeoutException e) {
            System.out.println("failed " + name);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
