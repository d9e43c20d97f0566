package scenario;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;

/** Handles of tracked types, made in loads and closed after them: each line on stdin is one load, or "close" for what the loads so far have made, "load-classes" or "end". */
public final class Tracked {
    private static final List<AutoCloseable> MADE = new ArrayList<>();

    private Tracked() { }

    /** What {@code ebb.track} names. */
    static class Base implements AutoCloseable {
        final String name;

        Base() {
            this("unnamed");
        }

        Base(String name) {
            this.name = name;
        }

        @Override
        public void close() { }
    }

    /** Its close is the one above. */
    static class Inherits extends Base {
        Inherits() {
            super("inherits");
        }
    }

    /** Two classes below the tracked one: the class between is not loaded yet when this one's code is woven. */
    static final class Overrides extends Inherits {
        @Override
        public void close() {
            // and not the one above
        }
    }

    static final class Hands extends Base {
        Hands() {
            this("hands on");
        }

        Hands(String name) {
            super(name);
        }
    }

    /** Tracked as well, and has no constructor that could tell. */
    interface Handle extends AutoCloseable {
        @Override
        void close();
    }

    static final class Implements implements Handle {
        @Override
        public void close() { }
    }

    /** Tracked as well: engines older than AutoCloseable have such. */
    static class Old {
        public final void close() { }
    }

    static final class OldInherits extends Old { }

    /** Named as well, but there is nothing to close of it. */
    static final class NotCloseable {
        void close(String why) { }

        private void close() { }
    }

    static final class Untracked implements AutoCloseable {
        @Override
        public void close() { }
    }

    /** Watched. */
    static void load(String kind) {
        switch (kind) {
            case "base" -> MADE.add(new Base());
            case "inherits" -> MADE.add(new Inherits());
            case "overrides" -> MADE.add(new Overrides());
            case "hands" -> MADE.add(new Hands());
            case "implements" -> MADE.add(new Implements());
            case "old" -> MADE.add(new OldInherits()::close);
            case "not-closeable" -> MADE.add(new NotCloseable()::close);
            case "untracked" -> MADE.add(new Untracked());
            case "parent-and-child" -> {
                MADE.add(new Base("parent"));
                MADE.add(new Overrides());
            }
            default -> {
                new Base().close();
                new Inherits().close();
                new Overrides().close();
                new Hands().close();
                new Implements().close();
                new OldInherits().close();
                new NotCloseable().close("over");
            }
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println("waiting");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); !line.equals("end"); line = in.readLine()) {
            switch (line) {
                case "load-classes" -> {
                    load("all");
                    System.out.println("loaded");
                }
                case "close" -> {
                    for (AutoCloseable made : MADE) {
                        made.close();
                    }
                    System.out.println("closed");
                }
                default -> load(line);
            }
        }
    }
}
