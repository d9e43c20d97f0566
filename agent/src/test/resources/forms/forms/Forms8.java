package forms;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;

/** What javac of any release makes of what Java 8 could say. Each load takes direct memory; {@code run} answers what all have returned. */
public class Forms8 {
    static final List<ByteBuffer> KEPT = new ArrayList<>();

    interface Loads {
        default int loadByDefault(int size) {
            return take(size);
        }
    }

    enum Mode {
        HOT, COLD;

        int load(int size) {
            return take(size + ordinal());
        }
    }

    static class Base<T> implements Loads {
        final int size;

        Base(int size) {
            this.size = size;
        }

        T load(T value) {
            take(size);
            return value;
        }
    }

    static class Derived extends Base<Integer> implements AutoCloseable {
        private final String name;

        Derived(String name, int... sizes) {
            super(sizes.length > 0 ? sizes[0] : name.length());
            this.name = name;
            try {
                take(size);
                if (name.isEmpty()) {
                    throw new IllegalArgumentException("no name");
                }
            } finally {
                take(1);
            }
        }

        @Override
        Integer load(Integer value) {
            return super.load(value + name.length());
        }

        @Override
        public void close() {
            take(2);
        }
    }

    static int take(int size) {
        KEPT.add(ByteBuffer.allocateDirect(size));
        return size;
    }

    static int loadLambda(int size) {
        IntFunction<Callable<Integer>> outer = n -> () -> take(n + size);
        try {
            return outer.apply(3).call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static synchronized String loadStrings(String which, int size) {
        switch (which) {
            case "Aa":
                return which + take(size) + 'c' + 1L + 2f + 3d + null;
            case "BB":
                return take(size + 1) + which;
            default:
                throw new IllegalStateException(which + size);
        }
    }

    static int loadFinally(int size) {
        int sum = 0;
        for (int i = 0; i < 3; i++) {
            try (Derived one = new Derived("d" + i, size)) {
                if (i == 1) {
                    continue;
                }
                sum += one.load(i);
                synchronized (KEPT) {
                    sum += take(size);
                }
                if (i == 2) {
                    return sum;
                }
            } catch (IllegalStateException | IllegalArgumentException e) {
                sum = -1;
            } finally {
                sum++;
            }
        }
        return sum;
    }

    static long loadNested(long a, double b, float c, byte d, char e, boolean f, int[][] g, List<? extends Number> h) {
        class Local implements Iterator<Long> {
            private long left = a;

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public Long next() {
                take((int) left--);
                return left;
            }
        }
        long sum = 0;
        outer:
        for (Local local = new Local(); local.hasNext(); ) {
            for (int i = 0; i < g.length; i++) {
                sum += f ? local.next() : g[i].length;
                if (sum > 1_000) {
                    break outer;
                }
            }
        }
        return sum + (long) b + (long) c + d + e + h.get(0).longValue();
    }

    static int loadThrows(int size) {
        take(size);
        throw new IllegalStateException("on purpose");
    }

    public static String run() {
        List<Object> results = new ArrayList<>();
        results.add(loadLambda(1_000));
        results.add(loadStrings("Aa", 2_000));
        results.add(loadStrings("BB", 2_000));
        results.add(loadFinally(3_000));
        results.add(loadNested(5, 1.5, 2.5f, (byte) 3, 'c', true, new int[3][2], Arrays.asList(7)));
        results.add(Mode.COLD.load(4_000));
        results.add(new Derived("x", 5_000).loadByDefault(6_000));
        try {
            loadThrows(7_000);
        } catch (IllegalStateException e) {
            results.add(e.getMessage());
        }
        try {
            new Derived("");
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
