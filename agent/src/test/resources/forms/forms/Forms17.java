package forms;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What Java had learned by 17: records, sealed types, patterns, switch expressions, text blocks. */
public class Forms17 {
    static final List<ByteBuffer> KEPT = new ArrayList<>();

    sealed interface Source permits Local, Remote { }

    record Local(String path, int size) implements Source {
        Local {
            take(size);
            if (path.isEmpty()) {
                throw new IllegalArgumentException("no path");
            }
        }

        int load() {
            return take(size);
        }
    }

    record Remote(Source inner, int... sizes) implements Source { }

    static int take(int size) {
        KEPT.add(ByteBuffer.allocateDirect(size));
        return size;
    }

    static String load(Object what) {
        if (what instanceof Local local && local.size() > 10) {
            return local.path() + local.load() + local;
        }
        return what instanceof Remote remote ? "remote " + IntStream.of(remote.sizes()).map(Forms17::take).sum() : """
            nothing \
            "of it\"""";
    }

    static int loadSwitch(String name, int size) {
        return switch (name) {
            case "one", "two" -> take(size);
            case "three" -> {
                int sum = 0;
                for (int i = 0; i < 3; i++) {
                    sum += take(size + i);
                }
                yield sum;
            }
            default -> throw new IllegalStateException(name);
        };
    }

    public static String run() {
        List<Object> results = new ArrayList<>();
        results.add(load(new Local("a", 1_000)));
        results.add(load(new Remote(null, 1, 2, 3)));
        results.add(load("other"));
        results.add(loadSwitch("two", 500));
        results.add(loadSwitch("three", 600));
        try {
            new Local("", 70);
        } catch (IllegalArgumentException e) {
            results.add(e.getMessage());
        }
        long all = 0;
        for (ByteBuffer one : KEPT) {
            all += one.capacity();
        }
        return all + " " + results;
    }
}
