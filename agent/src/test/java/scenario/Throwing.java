package scenario;

import java.net.SocketTimeoutException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Loads that end at once: well, by a failure, and by timeouts in every disguise. Each takes direct bytes of its own. */
public final class Throwing {
    private Throwing() { }

    static final class SubTimeout extends TimeoutException {
        private static final long serialVersionUID = 1;
    }

    /** A timeout only because the user says so. */
    static class TooSlow extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    static final class MuchTooSlow extends TooSlow {
        private static final long serialVersionUID = 1;
    }

    /** Its cause chain goes in a circle. */
    static final class Circle extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }

    public static void main(String[] args) throws Exception {
        Kept.keep(Engine.load("completed", new Engine.Order("completed", 30_002_016).open()));
        end("failed", 31_001, new IllegalStateException("broken"));
        end("failed-error", 31_002, new OutOfMemoryError("made up"));
        end("failed-checked", 31_003, new java.io.IOException());
        end("failed-circle", 31_004, new Circle());
        end("timeout", 31_101, new TimeoutException("too late"));
        end("timeout-cause", 31_102, new IllegalStateException("outer", new ExecutionException("inner", new TimeoutException())));
        end("timeout-subtype", 31_103, new SubTimeout());
        end("timeout-socket", 31_104, new java.io.UncheckedIOException(new SocketTimeoutException("read")));
        end("timeout-named", 31_105, new MuchTooSlow());
        System.out.println("waiting");
        System.in.read();
        System.out.println("done");
    }

    private static void end(String name, int bytes, Throwable how) throws Exception {
        try {
            Engine.fail(name, bytes, how);
            throw new AssertionError();
        } catch (Throwable thrown) {
            if (thrown != how) {
                throw new AssertionError(thrown);
            }
        }
    }
}
