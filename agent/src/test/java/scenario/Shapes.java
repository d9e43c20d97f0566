package scenario;

import java.io.IOException;

/** One method of each shape; the bytes that each takes tell them apart. */
public final class Shapes extends Sized<Integer> {
    interface WithDefault {
        default void byDefault(int bytes) {
            Kept.direct(bytes);
        }
    }

    static final class InheritsDefault implements WithDefault { }

    static void ofClass(int bytes) {
        Kept.direct(bytes);
    }

    void ofObject(int bytes) {
        Kept.direct(bytes);
    }

    void callsPrivate(int bytes) {
        ofObjectPrivate(bytes);
    }

    private void ofObjectPrivate(int bytes) {
        Kept.direct(bytes);
    }

    synchronized void ofObjectSynchronized(int bytes) {
        Kept.direct(bytes);
    }

    static synchronized void ofClassSynchronized(int bytes) {
        Kept.direct(bytes);
    }

    @Override
    Integer generic(Integer bytes) {
        Kept.direct(bytes);
        return bytes;
    }

    // overloads that call each other

    int over(int bytes) {
        Kept.direct(bytes);
        return over(bytes, "two");
    }

    int over(int bytes, String two) {
        Kept.direct(bytes);
        return over(bytes, two, 3L);
    }

    int over(int bytes, String two, long three) {
        Kept.direct(bytes);
        return (int) three;
    }

    static int recursive(int bytes, int depth) {
        Kept.direct(bytes);
        return depth == 0 ? 1 : recursive(bytes, depth - 1) + 1;
    }

    // every kind of argument and result

    static String allArguments(boolean z, byte b, char c, short s, int i, long j, float f, double d, int[] a, String t) {
        Kept.direct(i);
        return z + " " + b + " " + c + " " + s + " " + i + " " + j + " " + f + " " + d + " " + a[0] + " " + t;
    }

    static boolean givesBoolean(int bytes) {
        return Kept.direct(bytes) != null;
    }

    static byte givesByte(int bytes) {
        Kept.direct(bytes);
        return 7;
    }

    static char givesChar(int bytes) {
        Kept.direct(bytes);
        return 'c';
    }

    static short givesShort(int bytes) {
        return (short) Kept.direct(bytes).limit();
    }

    static int givesInt(int bytes) {
        return Kept.direct(bytes).limit();
    }

    static long givesLong(int bytes) {
        return Kept.direct(bytes).limit() * 1_000_000_007L;
    }

    static float givesFloat(int bytes) {
        return Kept.direct(bytes).limit() / 2f;
    }

    static double givesDouble(int bytes) {
        return Kept.direct(bytes).limit() / 4d;
    }

    static long[] givesArray(int bytes) {
        return new long[] {Kept.direct(bytes).limit()};
    }

    static Object givesNull(int bytes) {
        Kept.direct(bytes);
        return null;
    }

    // ways through a method

    static int branches(int bytes) {
        int sum = 0;
        for (int i = 0; i < 3; i++) {
            switch (i) {
                case 0:
                    sum += i;
                    continue;
                case 1:
                    String text = "x" + i;
                    sum += text.length();
                    break;
                default:
                    synchronized (Shapes.class) {
                        long wide = bytes;
                        sum += (int) (wide * 2 / bytes);
                    }
            }
        }
        try {
            throwsIn(sum);
        } catch (IOException e) {
            Kept.direct(bytes);
            return sum;
        } finally {
            sum = -1;
        }
        return sum;
    }

    private static void throwsIn(int sum) throws IOException {
        throw new IOException("sum " + sum);
    }

    static void fails(int bytes) {
        Kept.direct(bytes);
        if (bytes > 0) {
            throw new IllegalStateException("this load fails");
        }
    }

    // names and arguments that patterns pick from

    static final class Wild {
        static void loadNow(int bytes) {
            Kept.direct(bytes);
        }

        static void loadSegmentNow(int bytes) {
            Kept.direct(bytes);
        }

        static void loadLater(int bytes) {
            Kept.direct(bytes);
        }

        static void reloadNow(int bytes) {
            Kept.direct(bytes);
        }
    }

    static final class Arguments {
        static void open(String name, int bytes) {
            Kept.direct(bytes);
        }

        static void open(String name, int bytes, long more) {
            Kept.direct(bytes);
        }

        static void open(String name, long bytes) {
            Kept.direct((int) bytes);
        }

        static void open(int bytes) {
            Kept.direct(bytes);
        }

        static void array(int[] bytes, String... names) {
            Kept.direct(bytes[0]);
        }

        static void array(int[] bytes, String name) {
            Kept.direct(bytes[0]);
        }

        static void none() {
            Kept.direct(20_501);
        }

        static void none(int bytes) {
            Kept.direct(bytes);
        }
    }

    static final class Labels {
        enum Level { HOT }

        void load(String name, long number, double share, Level level, Object stranger, int bytes) {
            Kept.direct(bytes);
        }
    }
}
