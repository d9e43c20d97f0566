package patient;

/** For a pattern that names a method without code. */
abstract class Store {
    abstract Object open(String name);

    static final class Memory extends Store {
        @Override
        Object open(String name) {
            return name;
        }
    }
}
