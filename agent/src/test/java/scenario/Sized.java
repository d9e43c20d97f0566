package scenario;

/** Makes the compiler write a bridge method into subclasses. */
abstract class Sized<T extends Number> {
    abstract T generic(T bytes);

    T throughBridge(T bytes) {
        return generic(bytes);
    }
}
