package dev.ebb.load;

import java.util.List;

/** Reads the references in the fields of any object, private ones and those of the JDK too, without calling a method of the program. */
public interface FieldReader {
    /** What the object's fields, or the elements of an array, refer to; nulls may be among it. Empty for what cannot be read. */
    List<Object> references(Object object);

    /** What the static final fields that the class itself declares refer to; the class must be initialized. */
    List<Object> constants(Class<?> type);
}
