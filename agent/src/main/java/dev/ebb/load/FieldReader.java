package dev.ebb.load;

import java.util.List;

/**
 * Reads the references in the fields of any object, private ones and those of the JDK too, without calling a method of the program. What the garbage
 * collector writes in a {@link java.lang.ref.Reference} is left out: whoever reads that past its barriers could bring a dead object back.
 */
public interface FieldReader {
    /** What the object's fields, or the elements of an array, refer to; nulls may be among it. Empty for what cannot be read. */
    List<Object> references(Object object);

    /** What the static final fields that the class itself declares refer to; the class must be initialized. */
    List<Object> constants(Class<?> type);

    /** What the static fields that the class itself declares refer to; empty for a class that is not initialized: it holds nothing yet. */
    List<Object> statics(Class<?> type);

    /** The name of a field of {@code holder}, or a static one if that is a class, that refers to {@code object}; null if there is none. */
    String fieldTo(Object holder, Object object);

    /** All classes that are loaded, hidden and array classes aside. Milliseconds. */
    List<Class<?>> classes();

    /** What a soft reference keeps, without the reference counting as used by this: asking it would make it live longer. */
    Object heldSoftly(java.lang.ref.SoftReference<?> reference);

    /** Where the memory of a direct buffer begins; 0 for others. */
    long address(java.nio.Buffer buffer);
}
