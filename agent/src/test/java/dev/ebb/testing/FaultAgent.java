package dev.ebb.testing;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * A second agent, before Ebb's, that makes methods of Ebb's own classes fail: {@code Class#method;…}, in dev.ebb.rollback; with {@code *} in front only at its first call. So nothing in Ebb's jar has to know of
 * faults. Needs ASM on the class path.
 */
public final class FaultAgent {
    private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

    private FaultAgent() { }

    public static void premain(String arguments, Instrumentation instrumentation) {
        List<String> faults = List.of(arguments.split(";"));
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
                String type = name == null ? "" : name.replace("dev/ebb/rollback/", "");
                return faults.stream().anyMatch(fault -> fault.replace("*", "").startsWith(type + "#")) ? fail(bytes, type, faults) : null;
            }
        });
    }

    /** Called by what was made to fail. */
    public static void fail(String fault) {
        if (!fault.startsWith("*") || FAILED.add(fault)) {
            throw new IllegalStateException("made to fail: " + fault);
        }
    }

    private static byte[] fail(byte[] bytes, String type, List<String> faults) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
                String fault = faults.contains("*" + type + "#" + name) ? "*" + type + "#" + name : type + "#" + name;
                return !faults.contains(fault) ? method : new MethodVisitor(Opcodes.ASM9, method) {
                    @Override
                    public void visitCode() {
                        super.visitCode();
                        super.visitLdcInsn(fault);
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, FaultAgent.class.getName().replace('.', '/'), "fail", "(Ljava/lang/String;)V", false);
                    }

                    @Override
                    public void visitMaxs(int maxStack, int maxLocals) {
                        super.visitMaxs(Math.max(1, maxStack), maxLocals);
                    }
                };
            }
        }, 0);
        return writer.toByteArray();
    }

    /** @return the agent as a jar in that directory */
    public static Path jar(Path directory) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", FaultAgent.class.getName());
        Path jar = directory.resolve("fault-agent.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String type : List.of("FaultAgent", "FaultAgent$1", "FaultAgent$2", "FaultAgent$2$1")) {
                String file = type + ".class";
                try (InputStream in = FaultAgent.class.getResourceAsStream(file)) {
                    if (in != null) {
                        out.putNextEntry(new ZipEntry(FaultAgent.class.getPackageName().replace('.', '/') + "/" + file));
                        in.transferTo(out);
                    }
                }
            }
        }
        return jar;
    }
}
