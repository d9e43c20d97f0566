package dev.ebb.rollback;

import dev.ebb.load.FieldReader;
import dev.ebb.load.Load;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The classes whose static fields are looked into first for what has survived a load: the one whose method loaded, and its neighbours. */
final class StartClasses {
    /** With their nested classes and their packages. */
    private final List<Class<?>> near = new ArrayList<>();
    /** The other classes of their loaders. */
    private final List<Class<?>> far = new ArrayList<>();

    /** @param types classes of the survivors */
    StartClasses(FieldReader fields, Load load, Set<Class<?>> types) {
        String method = load.site().method();
        String owner = method.substring(0, Math.max(0, method.indexOf('#')));
        List<Class<?>> all = fields.classes();
        Set<ClassLoader> loaders = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Class<?> type : all) {
            if (isPrograms(type) && (type.getName().equals(owner) || types.contains(type))) {
                loaders.add(type.getClassLoader());
            }
        }
        for (Class<?> type : all) {
            if (loaders.contains(type.getClassLoader()) && isPrograms(type)) {
                boolean isNear = packageOf(type.getName()).equals(packageOf(owner)) || types.contains(type);
                (isNear ? near : far).add(type);
            }
        }
    }

    List<Class<?>> near() {
        return near;
    }

    List<Class<?>> far() {
        return far;
    }

    private static boolean isPrograms(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        boolean jdks = loader == null || loader == ClassLoader.getPlatformClassLoader();
        return !jdks && !(type.getName().startsWith("dev.ebb.") && loader == StartClasses.class.getClassLoader());
    }

    private static String packageOf(String type) {
        return type.substring(0, Math.max(0, type.lastIndexOf('.')));
    }
}
