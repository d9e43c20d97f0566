package patient;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Prints how far the program sees into the JDK by reflection. */
final class Sight {
    private Sight() { }

    static void print() {
        print("program", Sight.class.getModule());
        print("platform", ClassLoader.getPlatformClassLoader().getUnnamedModule());
        print("stranger", new URLClassLoader(new URL[0], null).getUnnamedModule());
        System.out.println("members " + accessibleMembers());
        System.out.println("bridge " + bridge(null) + ' ' + bridge(new URLClassLoader(new URL[0], null)) + ' ' + bridge(Sight.class.getClassLoader()));
    }

    private static void print(String who, Module module) {
        Set<String> seen = new TreeSet<>();
        for (Module theirs : ModuleLayer.boot().modules()) {
            for (String packageName : theirs.getPackages()) {
                if (theirs.isOpen(packageName, module)) {
                    seen.add(packageName);
                }
            }
        }
        System.out.println(who + ' ' + seen);
    }

    /** Private members of classes that a recorder of loads may want to look into. */
    private static Set<String> accessibleMembers() {
        Set<String> accessible = new TreeSet<>();
        for (String name : List.of("java.lang.Object", "java.lang.ClassLoader", "java.lang.String", "java.lang.Thread", "java.lang.ref.Reference",
            "java.util.concurrent.FutureTask", "java.util.concurrent.CompletableFuture", "java.nio.Buffer", "java.nio.Bits", "java.io.FileDescriptor",
            "sun.nio.ch.FileChannelImpl", "jdk.internal.misc.Unsafe", "jdk.internal.ref.Cleaner", "sun.misc.Unsafe")) {
            try {
                Class<?> type = Class.forName(name, false, null);
                List<AccessibleObject> members = new ArrayList<>(List.of(type.getDeclaredFields()));
                members.addAll(List.of(type.getDeclaredMethods()));
                for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                    members.add(constructor);
                }
                for (AccessibleObject member : members) {
                    if (Modifier.isPrivate(((Member) member).getModifiers())) {
                        note(member, accessible);
                    }
                }
            } catch (ClassNotFoundException e) {
                accessible.add("no " + name);
            }
        }
        return accessible;
    }

    private static void note(AccessibleObject member, Set<String> accessible) {
        try {
            member.setAccessible(true);
            accessible.add(member.toString());
        } catch (InaccessibleObjectException refused) {
            // as it should be
        }
    }

    private static String bridge(ClassLoader loader) {
        try {
            Class<?> bridge = Class.forName("java.lang.EbbBridge", false, loader);
            return bridge.getModule().getName() + '/' + bridge.getPackageName() + '/' + bridge.getClassLoader();
        } catch (ClassNotFoundException e) {
            return "absent";
        }
    }
}
