package scenario;

import java.nio.ByteBuffer;

/** Constructors as loads. Branches before and after the call of the one above matter: they have frames of their own. */
final class Constructors {
    private Constructors() { }

    static class Base {
        final ByteBuffer buffer;

        Base(ByteBuffer buffer) {
            this.buffer = buffer;
        }
    }

    static final class Plain {
        Plain(int bytes) {
            Kept.direct(bytes);
        }
    }

    static final class Branching extends Base {
        private int sum;

        Branching(int bytes, String how) {
            super(how == null ? null : how.isEmpty() ? ByteBuffer.allocate(bytes) : Kept.direct(bytes));
            for (int i = 0; i < 3; i++) {
                if (i % 2 == 0) {
                    long wide = i;
                    sum += (int) wide;
                }
            }
            try {
                Integer.parseInt(how);
            } catch (NumberFormatException e) {
                sum++;
            }
        }

        /** Beside a watched constructor; has frames as well. */
        int load(int bytes) {
            int rounds = 0;
            while (rounds < sum) {
                rounds++;
            }
            return Kept.direct(bytes).limit() + rounds;
        }
    }

    static final class Delegating extends Base {
        Delegating(int bytes) {
            this(bytes, Kept.direct(bytes));
        }

        Delegating(int bytes, ByteBuffer buffer) {
            super(buffer);
            Kept.direct(bytes);
        }
    }

    static final class FailsBefore extends Base {
        FailsBefore(int bytes) {
            super(refuse(bytes));
        }

        private static ByteBuffer refuse(int bytes) {
            Kept.direct(bytes);
            if (bytes > 0) {
                throw new IllegalStateException("before");
            }
            return null;
        }
    }

    static final class FailsAfter extends Base {
        FailsAfter(int bytes) {
            super(Kept.direct(bytes));
            if (bytes > 0) {
                throw new IllegalStateException("after");
            }
        }
    }

    static class Refusing {
        Refusing(int bytes) {
            Kept.direct(bytes);
            if (bytes > 0) {
                throw new IllegalStateException("above");
            }
        }
    }

    /** What the constructor above throws can be caught nowhere in this one. */
    static final class FailsAbove extends Refusing {
        FailsAbove(int bytes) {
            super(bytes);
        }
    }
}
