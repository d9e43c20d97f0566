package dev.ebb.weave;

import dev.ebb.load.FieldReader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** Reads fields by reflection, made accessible by {@link Openings}. Calls no method of the program and initialises no class. Used by the worker alone. */
public final class Fields implements FieldReader {
    private final Openings openings;
    private final Map<Class<?>, List<Field>> instanceFields = new WeakHashMap<>();

    public Fields(Openings openings) {
        this.openings = openings;
    }

    @Override
    public List<Object> references(Object object) {
        Class<?> type = object.getClass();
        if (type.isArray()) {
            return type.getComponentType().isPrimitive() ? List.of() : java.util.Arrays.asList((Object[]) object);
        }
        List<Object> values = new ArrayList<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Field field : fieldsOf(c)) {
                values.add(read(field, object));
            }
        }
        return values;
    }

    @Override
    public List<Object> constants(Class<?> type) {
        List<Object> values = new ArrayList<>();
        for (Field field : declared(type)) {
            if (Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers()) && !field.getType().isPrimitive() && accessible(field)) {
                values.add(read(field, null));
            }
        }
        return values;
    }

    private List<Field> fieldsOf(Class<?> type) {
        List<Field> fields = instanceFields.get(type);
        if (fields == null) {
            fields = new ArrayList<>();
            for (Field field : declared(type)) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive() && accessible(field)) {
                    fields.add(field);
                }
            }
            instanceFields.put(type, fields);
        }
        return fields;
    }

    private boolean accessible(Field field) {
        return openings.makeAccessible(field);
    }

    private static List<Field> declared(Class<?> type) {
        try {
            return List.of(type.getDeclaredFields());
        } catch (LinkageError e) {
            // a field's type is missing: the class works in the program without it, and cannot be looked into
            return Collections.emptyList();
        }
    }

    private static Object read(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            return null;
        }
    }
}
