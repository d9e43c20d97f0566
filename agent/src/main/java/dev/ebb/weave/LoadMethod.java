package dev.ebb.weave;

import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The code that goes into a watched method, shared by methods and constructors: {@code entered} at its begin, {@code left} at each of its ends. */
final class LoadMethod {
    /** Deepest use of the stack by the code below, over what the method itself has on it. */
    private static final int STACK = 7;
    /** Class files before Java 6 have no stack maps and must not get any. */
    private static final int FIRST_WITH_FRAMES = Opcodes.V1_6;
    private static final Object[] NOTHING = {};
    private static final Object[] A_THROWABLE = {"java/lang/Throwable"};

    private final MethodVisitor mv;
    private final int site;
    private final boolean frames;
    private final int frameKind;
    private final String className;
    private final String name;

    /** @param expanded whether the frames of this method are visited expanded; @param name with its descriptor */
    LoadMethod(MethodVisitor mv, int site, int classVersion, boolean expanded, String className, String name) {
        this.mv = mv;
        this.className = className;
        this.name = name;
        this.site = site;
        this.frames = (classVersion & 0xffff) >= FIRST_WITH_FRAMES;
        this.frameKind = expanded ? Opcodes.F_NEW : Opcodes.F_FULL;
    }

    /** How deep the stack may be, from how deep it may be in the method itself. */
    int stack(int maxStack) {
        if (maxStack + STACK > Unweavable.LARGEST_STACK) {
            throw Unweavable.tooDeep(className, name);
        }
        return maxStack + STACK;
    }

    /** @param argumentTypes null if the arguments are not wanted; @param receiver whether there is one yet */
    void entered(boolean receiver, int firstArgument, Type[] argumentTypes) {
        site();
        if (receiver) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
        } else {
            mv.visitInsn(Opcodes.ACONST_NULL);
        }
        if (argumentTypes == null) {
            mv.visitInsn(Opcodes.ACONST_NULL);
        } else {
            argumentArray(firstArgument, argumentTypes);
        }
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HookWeaver.BRIDGE, "entered", "(ILjava/lang/Object;[Ljava/lang/Object;)V", false);
    }

    /** Before a return with the result, if it is an object, on top of the stack; leaves it there. */
    void returning(int opcode) {
        if (opcode == Opcodes.ARETURN) {
            mv.visitInsn(Opcodes.DUP);
            site();
            mv.visitInsn(Opcodes.SWAP);
        } else {
            site();
            mv.visitInsn(Opcodes.ACONST_NULL);
        }
        mv.visitInsn(Opcodes.ACONST_NULL);
        left();
    }

    /** Before the return of a constructor: its result is the object itself. */
    void constructed() {
        site();
        mv.visitVarInsn(Opcodes.ALOAD, 0);
        mv.visitInsn(Opcodes.ACONST_NULL);
        left();
    }

    /**
     * A handler for whatever is thrown in some parts of the method; it must stand at the end of the method, and rethrows.
     *
     * @param parts where each begins and where it ends, in turn, all written; if there are none, there is no handler
     * @param uninitialized in a constructor, before it has called the one above it
     */
    void handler(List<Label> parts, boolean uninitialized) {
        if (parts.isEmpty()) {
            return;
        }
        Label handler = new Label();
        for (int i = 0; i < parts.size(); i += 2) {
            // the JVM refuses one without an instruction
            if (parts.get(i).getOffset() < parts.get(i + 1).getOffset()) {
                mv.visitTryCatchBlock(parts.get(i), parts.get(i + 1), handler, null);
            }
        }
        mv.visitLabel(handler);
        if (frames) {
            Object[] locals = uninitialized ? new Object[] {Opcodes.UNINITIALIZED_THIS} : NOTHING;
            mv.visitFrame(frameKind, locals.length, locals, 1, A_THROWABLE);
        }
        mv.visitInsn(Opcodes.DUP);
        site();
        mv.visitInsn(Opcodes.SWAP);
        mv.visitInsn(Opcodes.ACONST_NULL);
        mv.visitInsn(Opcodes.SWAP);
        left();
        mv.visitInsn(Opcodes.ATHROW);
    }

    /** Patterns with stars may watch more methods than a short can count. */
    private void site() {
        if (site <= Short.MAX_VALUE) {
            mv.visitIntInsn(Opcodes.SIPUSH, site);
        } else {
            mv.visitLdcInsn(site);
        }
    }

    private void left() {
        mv.visitMethodInsn(Opcodes.INVOKESTATIC, HookWeaver.BRIDGE, "left", "(ILjava/lang/Object;Ljava/lang/Throwable;)V", false);
    }

    private void argumentArray(int firstArgument, Type[] types) {
        mv.visitIntInsn(Opcodes.SIPUSH, types.length);
        mv.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
        int variable = firstArgument;
        for (int i = 0; i < types.length; i++) {
            mv.visitInsn(Opcodes.DUP);
            mv.visitIntInsn(Opcodes.SIPUSH, i);
            mv.visitVarInsn(types[i].getOpcode(Opcodes.ILOAD), variable);
            box(types[i]);
            mv.visitInsn(Opcodes.AASTORE);
            variable += types[i].getSize();
        }
    }

    private void box(Type type) {
        String wrapper = switch (type.getSort()) {
            case Type.BOOLEAN -> "java/lang/Boolean";
            case Type.CHAR -> "java/lang/Character";
            case Type.BYTE -> "java/lang/Byte";
            case Type.SHORT -> "java/lang/Short";
            case Type.INT -> "java/lang/Integer";
            case Type.FLOAT -> "java/lang/Float";
            case Type.LONG -> "java/lang/Long";
            case Type.DOUBLE -> "java/lang/Double";
            default -> null;
        };
        if (wrapper != null) {
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, wrapper, "valueOf", "(" + type.getDescriptor() + ")L" + wrapper + ";", false);
        }
    }
}
