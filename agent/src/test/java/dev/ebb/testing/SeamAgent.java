package dev.ebb.testing;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/**
 * A second agent, before Ebb's, that makes {@link Seams} of the methods of Ebb's own classes: of what hooks, rungs, native calls and writers do, constructors, initializers and what can only answer aside.
 * A method that guards itself from its first line on fails inside of its guard. Needs ASM on the class path.
 */
public final class SeamAgent {
    private static final Pattern SEAMS = Pattern.compile("dev/ebb/(record|load|rollback|memory|report)/\\w+(\\$\\w+)?");
    /** They stand in the program's own objects, and all that they do for themselves is in other seams: failing at their first instruction would be the program's own call that fails. */
    private static final Set<String> PROGRAMS = Set.of("dev/ebb/record/Task", "dev/ebb/record/Stage", "dev/ebb/record/PairStage");
    /** What only answers has fewer instructions. */
    private static final int FEWEST_CALLS = 1;

    private SeamAgent() { }

    public static void premain(String arguments, Instrumentation instrumentation) {
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
                return name == null || !SEAMS.matcher(name).matches() || PROGRAMS.contains(name) ? null : seamed(bytes, name.substring("dev/ebb/".length()).replace('/', '.'));
            }
        });
    }

    private static byte[] seamed(byte[] bytes, String type) {
        Set<String> doing = doing(bytes);
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
                return doing.contains(name + descriptor) ? new Seam(method, type + "#" + name + descriptor, type.equals("report.Troubles") && name.equals("report")) : method;
            }
        }, 0);
        return writer.toByteArray();
    }

    /** Its methods that call others. */
    private static Set<String> doing(byte[] bytes) {
        Set<String> doing = new HashSet<>();
        new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return name.startsWith("<") || (access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0 ? null : new MethodVisitor(Opcodes.ASM9) {
                    private int calls;

                    @Override
                    public void visitMethodInsn(int opcode, String owner, String called, String calledDescriptor, boolean isInterface) {
                        calls++;
                    }

                    @Override
                    public void visitEnd() {
                        if (calls >= FEWEST_CALLS) {
                            doing.add(name + descriptor);
                        }
                    }
                };
            }
        }, 0);
        return doing;
    }

    private static final class Seam extends MethodVisitor {
        private final String name;
        private final boolean trouble;
        private final Set<Label> guards = new HashSet<>();
        private boolean done;

        Seam(MethodVisitor method, String name, boolean trouble) {
            super(Opcodes.ASM9, method);
            this.name = name;
            this.trouble = trouble;
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
            super.visitTryCatchBlock(start, end, handler, type);
            guards.add(start);
        }

        /** The first one is where the first line begins: behind it if a guard begins there, else before it, since a loop may go back to it. */
        @Override
        public void visitLabel(Label label) {
            if (done) {
                super.visitLabel(label);
                return;
            }
            done = true;
            boolean guarded = guards.contains(label);
            if (guarded) {
                super.visitLabel(label);
            }
            if (trouble) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, Seams.class.getName().replace('.', '/'), "trouble", "()V", false);
            } else {
                super.visitLdcInsn(Seams.register(name));
                super.visitMethodInsn(Opcodes.INVOKESTATIC, Seams.class.getName().replace('.', '/'), "hit", "(I)V", false);
            }
            if (!guarded) {
                super.visitLabel(label);
            }
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            super.visitMaxs(Math.max(1, maxStack), maxLocals);
        }
    }

    /** @return the agent as a jar in that directory; its classes are on the class path */
    public static Path jar(Path directory) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", SeamAgent.class.getName());
        Path jar = directory.resolve("seam-agent.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
