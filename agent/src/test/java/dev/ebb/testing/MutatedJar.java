package dev.ebb.testing;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A copy of the agent's jar in which one method answers true, or nothing, and does nothing else: what a test must notice that is able to fail. No user can get it. */
public final class MutatedJar {
    private MutatedJar() { }

    /** @param type internal name; @param method one without arguments that returns a boolean */
    public static void answerTrue(Path jar, Path copy, String type, String method) throws IOException {
        mutate(jar, copy, type, method, "()Z");
    }

    /** @param type internal name; @param method one that takes an address and a size and returns nothing */
    public static void doNothing(Path jar, Path copy, String type, String method) throws IOException {
        mutate(jar, copy, type, method, "(JJ)V");
    }

    private static void mutate(Path jar, Path copy, String type, String method, String descriptor) throws IOException {
        boolean[] found = {false};
        try (JarFile in = new JarFile(jar.toFile()); OutputStream file = Files.newOutputStream(copy); ZipOutputStream out = new ZipOutputStream(file)) {
            for (JarEntry entry : Collections.list(in.entries())) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(entry.getName().equals(type + ".class") ? mutate(bytes, method, descriptor, found) : bytes);
                out.closeEntry();
            }
        }
        if (!found[0]) {
            throw new AssertionError("there is no " + type + "." + method + descriptor + " any more");
        }
    }

    private static byte[] mutate(byte[] bytes, String method, String wanted, boolean[] found) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                MethodVisitor visitor = super.visitMethod(access, name, descriptor, signature, exceptions);
                if (!name.equals(method) || !descriptor.equals(wanted)) {
                    return visitor;
                }
                found[0] = true;
                visitor.visitCode();
                if (descriptor.endsWith("Z")) {
                    visitor.visitInsn(Opcodes.ICONST_1);
                    visitor.visitInsn(Opcodes.IRETURN);
                } else {
                    visitor.visitInsn(Opcodes.RETURN);
                }
                visitor.visitMaxs(1, 5);
                visitor.visitEnd();
                return null;
            }
        }, 0);
        return writer.toByteArray();
    }
}
