package dev.ebb.weave;

import dev.ebb.load.FieldReader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads fields by reflection, made accessible by {@link Openings}. Calls no method of the program and initialises no class. One thread at a time. */
public final class Fields implements FieldReader {
    private final Openings openings;
    /** Kept by the class itself: a field refers to its class, and as the value of a weak key it would keep that class and its loader for good. */
    private final ClassValue<List<Field>> instanceFields = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return referencesIn(type);
        }
    };
    private MethodHandle shouldBeInitialized;
    private VarHandle address;
    private VarHandle timestamp;

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
            for (Field field : instanceFields.get(c)) {
                values.add(read(field, object));
            }
        }
        return values;
    }

    @Override
    public List<Object> constants(Class<?> type) {
        List<Object> values = new ArrayList<>();
        for (Field field : declared(type)) {
            if (isStaticReference(field) && Modifier.isFinal(field.getModifiers()) && accessible(field)) {
                values.add(read(field, null));
            }
        }
        return values;
    }

    @Override
    public List<Object> statics(Class<?> type) {
        List<Object> values = new ArrayList<>();
        if (isInitialized(type)) {
            for (Field field : declared(type)) {
                if (isStaticReference(field) && accessible(field)) {
                    values.add(read(field, null));
                }
            }
        }
        return values;
    }

    @Override
    public String fieldTo(Object holder, Object object) {
        if (holder instanceof Class) {
            return isInitialized((Class<?>) holder) ? staticTo((Class<?>) holder, object) : null;
        }
        for (Class<?> c = holder.getClass(); c != null; c = c.getSuperclass()) {
            for (Field field : instanceFields.get(c)) {
                if (read(field, holder) == object) {
                    return field.getName();
                }
            }
        }
        return null;
    }

    private String staticTo(Class<?> type, Object object) {
        for (Field field : declared(type)) {
            if (isStaticReference(field) && accessible(field) && read(field, null) == object) {
                return field.getName();
            }
        }
        return null;
    }

    @Override
    public List<Class<?>> classes() {
        return openings.classes();
    }

    @Override
    public long address(Buffer buffer) {
        try {
            if (address == null) {
                address = openings.into(Buffer.class).findVarHandle(Buffer.class, "address", long.class);
            }
            return buffer.isDirect() ? (long) address.get(buffer) : 0;
        } catch (ReflectiveOperationException e) {
            return 0;
        }
    }

    @Override
    public Object heldSoftly(SoftReference<?> reference) {
        try {
            if (timestamp == null) {
                timestamp = openings.into(SoftReference.class).findVarHandle(SoftReference.class, "timestamp", long.class);
            }
            long used = (long) timestamp.get(reference);
            Object object = reference.get();
            timestamp.set(reference, used);
            return object;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Reading a static field by reflection would initialise its class. What cannot be asked counts as not initialised. */
    private boolean isInitialized(Class<?> type) {
        try {
            if (shouldBeInitialized == null) {
                Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
                MethodHandles.Lookup lookup = openings.into(unsafe);
                shouldBeInitialized = lookup.findVirtual(unsafe, "shouldBeInitialized", MethodType.methodType(boolean.class, Class.class))
                    .bindTo(lookup.findStatic(unsafe, "getUnsafe", MethodType.methodType(unsafe)).invoke());
            }
            return !(boolean) shouldBeInitialized.invokeExact(type);
        } catch (Throwable e) {
            return false;
        }
    }

    private List<Field> referencesIn(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Field field : type == Reference.class ? List.<Field>of() : declared(type)) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive() && accessible(field)) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static boolean isStaticReference(Field field) {
        return Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive();
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
