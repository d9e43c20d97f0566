package forms;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What Java had learned by 25: statements before the constructor above, patterns of records, unnamed variables. */
public class Forms25 {
    static final List<ByteBuffer> KEPT = new ArrayList<>();

    record Range(int from, int to) { }

    static class Above {
        final int size;

        Above(int size) {
            this.size = size;
            take(size + early());
        }

        int early() {
            return 0;
        }
    }

    static class Early extends Above {
        private final int before;

        Early(String text, int more) {
            int size;
            try {
                size = Integer.parseInt(text);
            } catch (NumberFormatException _) {
                size = text.length();
            }
            for (int i = 0; i < 2; i++) {
                take(size + i);
            }
            if (more < 0) {
                throw new IllegalArgumentException("too little");
            }
            before = more;
            super(size);
            take(before);
        }

        @Override
        int early() {
            return before;
        }
    }

    static int take(int size) {
        KEPT.add(ByteBuffer.allocateDirect(size));
        return size;
    }

    static String load(Object what) {
        return switch (what) {
            case Range(int from, int to) when from < to -> "range " + take(to - from);
            case Range(_, var to) -> "none to " + to;
            case Integer size -> "number " + take(size);
            case null -> "nothing";
            default -> what.toString();
        };
    }

    public static String run() {
        List<Object> results = new ArrayList<>();
        results.add(load(new Range(10, 1_010)));
        results.add(load(new Range(10, 1)));
        results.add(load(2_000));
        results.add(load(null));
        results.add(load("text"));
        results.add(new Early("3000", 100).size);
        results.add(new Early("abc", 100).size);
        try {
            new Early("1", -1);
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
