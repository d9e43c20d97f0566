package scenario;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Class files from before Java 6, without stack maps, as some engines still ship them. */
final class OldClassFile {
    private OldClassFile() { }

    /**
     * A class with a static {@code load(int)} that loops twice over {@code Plugin.load}, and a constructor with a branch before {@code super()}.
     *
     * @param internalName of the class to make
     */
    static byte[] make(String internalName, int version) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(version, Opcodes.ACC_PUBLIC, internalName, null, "java/lang/Object", null);
        load(writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "load", "(Ljava/lang/Integer;)I", null, null));
        constructor(writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(Ljava/lang/Integer;)V", null, null));
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void load(MethodVisitor code) {
        code.visitCode();
        code.visitInsn(Opcodes.ICONST_2);
        code.visitVarInsn(Opcodes.ISTORE, 1);
        Label loop = new Label();
        Label end = new Label();
        code.visitLabel(loop);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitJumpInsn(Opcodes.IFEQ, end);
        keepDirect(code, 0);
        code.visitIincInsn(1, -1);
        code.visitJumpInsn(Opcodes.GOTO, loop);
        code.visitLabel(end);
        code.visitVarInsn(Opcodes.ILOAD, 1);
        code.visitInsn(Opcodes.IRETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    private static void constructor(MethodVisitor code) {
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 1);
        Label isNull = new Label();
        code.visitJumpInsn(Opcodes.IFNULL, isNull);
        keepDirect(code, 1);
        code.visitLabel(isNull);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    private static void keepDirect(MethodVisitor code, int variable) {
        code.visitVarInsn(Opcodes.ALOAD, variable);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, "scenario/WatchedMethods", "keep", "(Ljava/lang/Integer;)V", false);
    }
}
