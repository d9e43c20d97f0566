package patient;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;

/** Loads every class of the jars on its class path that can be loaded, and does what its arguments say. */
public final class ManyClasses {
    private ManyClasses() { }

    public static void main(String[] arguments) throws IOException {
        int loaded = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            // the JVM appends the jars of agents
            for (String name : entry.endsWith("-agent.jar") ? List.<String>of() : classes(entry)) {
                try {
                    Class.forName(name, false, ManyClasses.class.getClassLoader());
                    loaded++;
                } catch (ClassNotFoundException | LinkageError e) {
                    // needs a library that is not here
                }
            }
        }
        System.out.println("loaded " + loaded + " classes");
        Program.main(arguments);
    }

    private static List<String> classes(String jar) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            return file.stream().map(Object::toString).filter(name -> name.endsWith(".class") && !name.startsWith("META-INF") && !name.equals("module-info.class"))
                .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.')).toList();
        }
    }
}
