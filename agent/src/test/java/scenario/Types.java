package scenario;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A small family, for patterns over subtypes and annotations. */
final class Types {
    private Types() { }

    interface Loader {
        void loadIt(int bytes);

        default void loadByDefault(int bytes) {
            Kept.direct(bytes);
        }
    }

    interface SubLoader extends Loader { }

    static final class Direct implements Loader {
        @Override
        public void loadIt(int bytes) {
            Kept.direct(bytes);
        }

        void openIt(int bytes) {
            Kept.direct(bytes);
        }
    }

    abstract static class Middle implements SubLoader { }

    static class Deep extends Middle {
        @Override
        public void loadIt(int bytes) {
            Kept.direct(bytes);
        }
    }

    static final class Inherits extends Deep { }

    static final class Overrides extends Deep {
        @Override
        public void loadIt(int bytes) {
            super.loadIt(bytes);
            Kept.direct(bytes);
        }

        @Override
        public void loadByDefault(int bytes) {
            Kept.direct(bytes);
        }
    }

    /** The same methods and none of the family. */
    static final class Stranger {
        void loadIt(int bytes) {
            Kept.direct(bytes);
        }
    }

    static class Engine {
        void open(int bytes) {
            Kept.direct(bytes);
        }
    }

    static final class SubEngine extends Engine {
        @Override
        void open(int bytes) {
            Kept.direct(bytes);
        }

        void open(String name, int bytes) {
            Kept.direct(bytes);
        }
    }

    /** Not of retention CLASS: the JVM keeps that from agents in classes that are loaded already. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
    @interface Loading { }

    static final class Annotated {
        @Loading
        Annotated(int bytes) {
            Kept.direct(bytes);
        }

        @Loading
        static void marked(int bytes) {
            Kept.direct(bytes);
        }

        static void unmarked(int bytes) {
            Kept.direct(bytes);
        }
    }
}
