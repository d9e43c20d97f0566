package scenario;

import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A program that knows nothing of JMX. */
public final class Unmanaged {
    private Unmanaged() { }

    /** Watched. */
    static void load(String name, Path file) throws Exception {
        FileChannel channel = Kept.keep(FileChannel.open(file));
        Kept.keep(channel.map(FileChannel.MapMode.READ_ONLY, 0, 1_048_576));
    }

    public static void main(String[] args) throws Exception {
        load("42", Path.of(args[0]));
        System.out.println("loaded");
        System.in.read();
        System.out.println("done");
    }
}
