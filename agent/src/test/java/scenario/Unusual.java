package scenario;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

import java.lang.reflect.InvocationTargetException;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Class files that javac does not write, and others may. The methods {@code load} take a block of direct memory each, of a size that is theirs. Prints what each returns.
 * {@code Full-N}: the code is N bytes short of the largest that there may be. {@code Far}: a jump that is as far as an offset of two bytes reaches. {@code Deep}: the deepest stack.
 * {@code Both}: a constructor that calls one of two above, or throws instead, as Groovy's do. {@code Reuses}: one that uses the variable of {@code this} for a number at its end.
 */
public final class Unusual {
    /** As far from the largest method as what is woven in needs, and some more. */
    static final int ROOM = 60;
    private static final int LARGEST = 65_535;
    private static final List<ByteBuffer> KEPT = new ArrayList<>();

    private Unusual() { }

    public static class Above {
        final int size;

        public Above(int size) {
            this.size = size;
        }

        public Above(String size) {
            this(Integer.parseInt(size));
        }
    }

    /** Called by the classes that are made. */
    public static void take(int size) {
        KEPT.add(ByteBuffer.allocateDirect(size));
    }

    /** Called by them as well. */
    public static RuntimeException noneFits() {
        return new IllegalArgumentException("none fits");
    }

    public static void main(String[] args) throws Throwable {
        StringBuilder full = new StringBuilder();
        for (int room = 0; room <= ROOM; room++) {
            full.append(call(full(room), room)).append(' ');
        }
        System.out.println(full.toString().strip());
        System.out.println("small " + call("Full0", full(0), "small", 0));
        System.out.println("far " + call(far(), 1) + " " + call(far(), 0));
        System.out.println("deep " + call(deep(), 40_001));
        System.out.println("many " + make(many(), 50_001) + " " + make(many(), -50_002) + " " + make(many(), 0));
        System.out.println("reuses " + make(reuses(), 60_001));
    }

    private static int call(byte[] type, int argument) throws Throwable {
        return call(null, type, "load", argument);
    }

    private static int call(String loaded, byte[] type, String method, int argument) throws Throwable {
        Class<?> made = loaded == null ? define(type) : Class.forName("scenario." + loaded);
        return (int) made.getMethod(method, int.class).invoke(null, argument);
    }

    /** @return its size, or why there is none */
    private static Object make(byte[] type, int argument) throws Throwable {
        String name = new org.objectweb.asm.ClassReader(type).getClassName().replace('/', '.');
        Class<?> made;
        try {
            made = Class.forName(name);
        } catch (ClassNotFoundException e) {
            made = define(type);
        }
        try {
            return ((Above) made.getConstructor(int.class).newInstance(argument)).size;
        } catch (InvocationTargetException e) {
            return e.getCause().getMessage();
        }
    }

    private static Class<?> define(byte[] type) throws IllegalAccessException {
        try {
            return Class.forName(new org.objectweb.asm.ClassReader(type).getClassName().replace('/', '.'));
        } catch (ClassNotFoundException e) {
            return MethodHandles.lookup().defineClass(type);
        }
    }

    private static ClassWriter type(String name, String above) {
        // a branch is followed by a frame; the types in these need no classes to be compared
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "scenario/" + name, null, above, null);
        return writer;
    }

    private static MethodVisitor method(ClassWriter writer, String name) {
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, name, "(I)I", null, null);
        code.visitCode();
        return code;
    }

    private static void take(MethodVisitor code, int variable, int more) {
        code.visitVarInsn(Opcodes.ILOAD, variable);
        code.visitLdcInsn(more);
        code.visitInsn(Opcodes.IADD);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, "scenario/Unusual", "take", "(I)V", false);
    }

    private static byte[] end(ClassWriter writer, MethodVisitor code, int opcode) {
        code.visitInsn(opcode);
        code.visitMaxs(0, 0);
        code.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** Besides {@code load}, which takes 30,000 bytes and its argument, there is {@code small}, which takes 20,000. */
    private static byte[] full(int room) {
        ClassWriter writer = type("Full" + room, "java/lang/Object");
        MethodVisitor small = method(writer, "small");
        take(small, 0, 20_000);
        small.visitVarInsn(Opcodes.ILOAD, 0);
        small.visitInsn(Opcodes.IRETURN);
        small.visitMaxs(0, 0);
        small.visitEnd();
        MethodVisitor code = method(writer, "load");
        take(code, 0, 30_000);
        // 1 + 2 + 1 + 3 bytes so far, 2 at the end
        for (int i = 0; i < LARGEST - room - 9; i++) {
            code.visitInsn(Opcodes.NOP);
        }
        code.visitVarInsn(Opcodes.ILOAD, 0);
        return end(writer, code, Opcodes.IRETURN);
    }

    /** Jumps over 32,750 bytes and five returns, before each of which something is woven in. */
    private static byte[] far() {
        ClassWriter writer = type("Far", "java/lang/Object");
        MethodVisitor code = method(writer, "load");
        take(code, 0, 35_000);
        Label end = new Label();
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitJumpInsn(Opcodes.IFEQ, end);
        for (int i = 0; i < 5; i++) {
            Label next = new Label();
            code.visitVarInsn(Opcodes.ILOAD, 0);
            code.visitJumpInsn(Opcodes.IFEQ, next);
            code.visitVarInsn(Opcodes.ILOAD, 0);
            code.visitInsn(Opcodes.IRETURN);
            code.visitLabel(next);
        }
        for (int i = 0; i < 32_750 - 30; i++) {
            code.visitInsn(Opcodes.NOP);
        }
        code.visitLabel(end);
        code.visitInsn(Opcodes.ICONST_M1);
        return end(writer, code, Opcodes.IRETURN);
    }

    private static byte[] deep() {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "scenario/Deep", null, "java/lang/Object", null);
        MethodVisitor code = method(writer, "load");
        take(code, 0, 0);
        code.visitVarInsn(Opcodes.ILOAD, 0);
        code.visitInsn(Opcodes.IRETURN);
        // as deep as the class file can say, and all but the deepest that the JVM can run
        code.visitMaxs(65_530, 1);
        code.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static byte[] many() {
        ClassWriter writer = type("Both", "scenario/Unusual$Above");
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(I)V", null, null);
        code.visitCode();
        Label negative = new Label();
        Label none = new Label();
        Label after = new Label();
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitJumpInsn(Opcodes.IFLT, negative);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitJumpInsn(Opcodes.IFEQ, none);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "scenario/Unusual$Above", "<init>", "(I)V", false);
        code.visitJumpInsn(Opcodes.GOTO, after);
        code.visitLabel(negative);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Integer", "toString", "(I)Ljava/lang/String;", false);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "scenario/Unusual$Above", "<init>", "(Ljava/lang/String;)V", false);
        code.visitJumpInsn(Opcodes.GOTO, after);
        code.visitLabel(none);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, "scenario/Unusual", "noneFits", "()Ljava/lang/RuntimeException;", false);
        code.visitInsn(Opcodes.ATHROW);
        code.visitLabel(after);
        return end(writer, code, Opcodes.RETURN);
    }

    private static byte[] reuses() {
        ClassWriter writer = type("Reuses", "scenario/Unusual$Above");
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(I)V", null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "scenario/Unusual$Above", "<init>", "(I)V", false);
        code.visitInsn(Opcodes.ICONST_1);
        code.visitVarInsn(Opcodes.ISTORE, 0);
        take(code, 0, 25_000);
        return end(writer, code, Opcodes.RETURN);
    }
}
