package dev.ebb.shape;

import dev.ebb.start.Patient;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The one class of ours in java.base: it knows nothing but the JDK, everybody sees it, and nobody sees more of the JDK because of it. */
class BridgeIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @Test
    void knowsJavaLangAndJavaUtilOnly() throws IOException {
        byte[] bridge;
        try (JarFile jar = new JarFile(AgentJvm.jar().toFile()); InputStream in = jar.getInputStream(jar.getEntry("java/lang/EbbBridge.class"))) {
            bridge = in.readAllBytes();
        }
        Set<String> known = typesIn(bridge);
        assertTrue(known.containsAll(List.of("java/lang/EbbBridge", "java/lang/Object", "java/lang/Throwable")), known::toString);
        known.removeIf(type -> type.matches("java/(lang|util)/.*"));
        assertEquals(Set.of(), known);
    }

    /** The program's own module, the one of the loaders above it, and that of a class loader without a parent. */
    @ParameterizedTest
    @MethodSource("jdks")
    void theProgramSeesNoMoreOfTheJdkThanWithoutEbb(Jdk jdk) {
        List<String> without = sight(Patient.unwoven(jdk), "");
        // a rollback looks into fields of the JDK: what it opened for that must be as closed to the program
        List<String> with = sight(Patient.command(jdk), "\"event\":\"verdict\"");
        assertEquals(5, without.size(), without::toString);
        assertEquals(without.subList(0, 4), with.subList(0, 4));
        assertEquals("program [sun.misc, sun.reflect]", with.get(0));
        assertTrue(with.get(3).contains("sun.misc.Unsafe.theUnsafe"), with.get(3));
        assertFalse(with.get(3).contains("no ") || with.get(3).contains(" java.lang.String."), with.get(3));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void isInJavaLangAndSeenFromEveryLoader(Jdk jdk) {
        assertEquals("bridge absent absent absent", sight(Patient.unwoven(jdk), "").get(4));
        assertEquals("bridge java.base/java.lang/null java.base/java.lang/null java.base/java.lang/null", sight(Patient.command(jdk), "\"event\":\"verdict\"").get(4));
    }

    /** The lines that the step "look" prints after a load that timed out. @param ready the line that ends the rollback, if there is one */
    private static List<String> sight(ForkedJvm.Command command, String ready) {
        try (ForkedJvm jvm = command.args("timeout 30002016", "read").start()) {
            jvm.await("the load took too long", LIMIT);
            jvm.await(ready, LIMIT);
            jvm.send("look");
            jvm.send("exit 0");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            List<String> lines = new ArrayList<>(jvm.stdout().lines().toList());
            lines.remove(0);
            return lines;
        }
    }

    /** From its constant pool: every class, and every type in a descriptor. */
    private static Set<String> typesIn(byte[] type) {
        Set<String> types = new TreeSet<>();
        new ClassReader(type).accept(new ClassRemapper(new ClassWriter(0), new Remapper(Opcodes.ASM9) {
            @Override
            public String map(String internalName) {
                types.add(internalName.startsWith("[") ? Type.getType(internalName).getElementType().getInternalName() : internalName);
                return internalName;
            }
        }), 0);
        return types;
    }
}
