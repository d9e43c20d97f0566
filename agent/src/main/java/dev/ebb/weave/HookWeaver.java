package dev.ebb.weave;

import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Puts the hooks of one JDK class in. Only calls are inserted, without new local variables, so no frame of the class changes; no member is added, so
 * that a loaded class can be retransformed and later restored.
 */
final class HookWeaver extends ClassVisitor {
    /** A string, which the build renames: this class is used before the bridge is there. */
    static final String BRIDGE = "dev/ebb/bridge/EbbBridge";
    private static final String EVENT = "(ILjava/lang/Object;Ljava/lang/Object;JJ)V";
    /** What a call of the bridge needs at most on the stack: two objects, two longs, an int, and the return value below them. */
    private static final int STACK = 8;
    private static final int NO_CODE = Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE;

    private final List<Hook> hooks;
    private final Set<Hook> matched;
    private String owner;

    private HookWeaver(ClassVisitor next, List<Hook> hooks, Set<Hook> matched) {
        super(Opcodes.ASM9, next);
        this.hooks = hooks;
        this.matched = matched;
    }

    /** @param matched the hooks that found their method are added to it */
    static byte[] weave(byte[] original, List<Hook> hooks, Set<Hook> matched) {
        ClassReader reader = new ClassReader(original);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new HookWeaver(writer, hooks, matched), 0);
        return writer.toByteArray();
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
        owner = name;
        super.visit(version, access, name, signature, superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
        // the last row goes in first, so that its code stands last
        for (int i = hooks.size() - 1; i >= 0; i--) {
            Hook hook = hooks.get(i);
            if (hook.names(access, name, descriptor) && (access & NO_CODE) == 0) {
                method = new HookedMethod(method, name + descriptor, hook, hook.at() == Hook.At.EXIT || hook.at() == Hook.At.THROW ? frameTypes(access, descriptor) : null);
            }
        }
        return method;
    }

    private Object[] frameTypes(int access, String descriptor) {
        Type[] types = Type.getArgumentTypes(descriptor);
        int receiver = (access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
        Object[] names = new Object[types.length + receiver];
        if (receiver == 1) {
            names[0] = owner;
        }
        for (int i = 0; i < types.length; i++) {
            names[i + receiver] = frameType(types[i]);
        }
        return names;
    }

    private static Object frameType(Type type) {
        switch (type.getSort()) {
            case Type.LONG:
                return Opcodes.LONG;
            case Type.DOUBLE:
                return Opcodes.DOUBLE;
            case Type.FLOAT:
                return Opcodes.FLOAT;
            case Type.OBJECT:
            case Type.ARRAY:
                return type.getInternalName();
            default:
                return Opcodes.INTEGER;
        }
    }

    private final class HookedMethod extends MethodVisitor {
        private final String name;
        private final Hook hook;
        /** The types of this and of the arguments, as frames name them. */
        private final Object[] arguments;
        private final Label start = new Label();

        HookedMethod(MethodVisitor next, String name, Hook hook, Object[] arguments) {
            super(Opcodes.ASM9, next);
            this.name = name;
            this.hook = hook;
            this.arguments = arguments;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            if (hook.at() == Hook.At.ENTRY) {
                insert();
            } else if (hook.at() == Hook.At.EXIT || hook.at() == Hook.At.THROW) {
                super.visitLabel(start);
            }
        }

        @Override
        public void visitInsn(int opcode) {
            if ((hook.at() == Hook.At.RETURN || hook.at() == Hook.At.EXIT) && opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                insert();
            }
            super.visitInsn(opcode);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            if (hook.at() == Hook.At.TIMEOUT && opcode == Opcodes.NEW && (type.equals("java/util/concurrent/TimeoutException") || type.endsWith("$TimeoutException"))) {
                insert();
            }
            super.visitTypeInsn(opcode, type);
        }

        @Override
        public void visitMethodInsn(int opcode, String type, String name, String descriptor, boolean isInterface) {
            if (hook.at() == Hook.At.ALLOCATE_DIRECT && name.equals("allocateDirect") && type.equals("java/nio/ByteBuffer")
                || hook.at() == Hook.At.COMPLETE_VALUE && name.equals("completeValue")
                || hook.at() == Hook.At.RUN && isRun(type, name)
                || hook.at() == Hook.At.AFTER_EXECUTE && name.equals("afterExecute")) {
                insert();
            }
            super.visitMethodInsn(opcode, type, name, descriptor, isInterface);
            if (hook.at() == Hook.At.RAN && isRun(type, name)) {
                insert();
            }
        }

        private boolean isRun(String type, String name) {
            return name.equals("run") && (type.equals("java/lang/Runnable") || type.equals("java/util/TimerTask"));
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            if (hook.at() == Hook.At.EXIT || hook.at() == Hook.At.THROW) {
                insertHandler();
            }
            if (maxStack + STACK > Unweavable.LARGEST_STACK) {
                throw Unweavable.tooDeep(owner, name);
            }
            super.visitMaxs(maxStack + STACK, maxLocals);
        }

        /** The only branch that a hook adds; it stands at the end, where its frame can forget all local variables but this and the arguments. */
        private void insertHandler() {
            Label end = new Label();
            super.visitLabel(end);
            mv.visitTryCatchBlock(start, end, end, null);
            mv.visitFrame(Opcodes.F_FULL, arguments.length, arguments, 1, new Object[] {"java/lang/Throwable"});
            insert();
            mv.visitInsn(Opcodes.ATHROW);
        }

        private void insert() {
            matched.add(hook);
            if (hook.call().equals("wrap")) {
                insertWrap();
            } else if (hook.call().equals("wrapField")) {
                insertWrapField();
            } else if (hook.call().equals("check")) {
                mv.visitMethodInsn(Opcodes.INVOKESTATIC, BRIDGE, "check", "()V", false);
            } else if (hook.operands().length > 0 && hook.operands()[0].equals("top")) {
                mv.visitInsn(Opcodes.DUP);
                mv.visitIntInsn(Opcodes.SIPUSH, hook.kind());
                mv.visitMethodInsn(Opcodes.INVOKESTATIC, BRIDGE, hook.call().concat("Top"), "(Ljava/lang/Object;I)V", false);
            } else {
                insertEvent();
            }
        }

        private void insertWrap() {
            int variable = Integer.parseInt(hook.operands()[0]);
            mv.visitIntInsn(Opcodes.SIPUSH, hook.kind());
            mv.visitVarInsn(Opcodes.ALOAD, variable);
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, BRIDGE, "wrap", "(ILjava/lang/Object;)Ljava/lang/Object;", false);
            mv.visitTypeInsn(Opcodes.CHECKCAST, hook.operands()[1]);
            mv.visitVarInsn(Opcodes.ASTORE, variable);
        }

        private void insertWrapField() {
            String field = hook.operands()[0];
            String type = hook.operands()[1];
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitIntInsn(Opcodes.SIPUSH, hook.kind());
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitFieldInsn(Opcodes.GETFIELD, owner, field, 'L' + type + ';');
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, BRIDGE, "wrap", "(ILjava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;", false);
            mv.visitTypeInsn(Opcodes.CHECKCAST, type);
            mv.visitFieldInsn(Opcodes.PUTFIELD, owner, field, 'L' + type + ';');
        }

        private void insertEvent() {
            String[] operands = hook.operands();
            if (operands.length > 2 && operands[2].startsWith("result")) {
                insertResultEvent(operands);
                return;
            }
            mv.visitIntInsn(Opcodes.SIPUSH, hook.kind());
            load(operands.length > 0 ? operands[0] : "-", true);
            load(operands.length > 1 ? operands[1] : "-", true);
            load(operands.length > 2 ? operands[2] : "-", false);
            load(operands.length > 3 ? operands[3] : "-", false);
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, BRIDGE, hook.call(), EVENT, false);
        }

        /** What is about to be returned lies on top of the stack: it can be copied before anything else is pushed only, so the bridge takes it first. */
        private void insertResultEvent(String[] operands) {
            if (operands[2].equals("result:J")) {
                mv.visitInsn(Opcodes.DUP2);
            } else {
                mv.visitInsn(Opcodes.DUP);
                mv.visitInsn(Opcodes.I2L);
            }
            mv.visitIntInsn(Opcodes.SIPUSH, hook.kind());
            load(operands[0], true);
            load(operands[3], false);
            mv.visitMethodInsn(Opcodes.INVOKESTATIC, BRIDGE, hook.call().concat("Result"), "(JILjava/lang/Object;J)V", false);
        }

        private void load(String operand, boolean object) {
            if (operand.equals("-")) {
                mv.visitInsn(object ? Opcodes.ACONST_NULL : Opcodes.LCONST_0);
            } else if (operand.equals("this")) {
                mv.visitVarInsn(Opcodes.ALOAD, 0);
            } else if (operand.charAt(0) == '.') {
                int colon = operand.indexOf(':');
                mv.visitVarInsn(Opcodes.ALOAD, 0);
                mv.visitFieldInsn(Opcodes.GETFIELD, owner, operand.substring(1, colon), operand.substring(colon + 1));
            } else if (operand.endsWith(":J")) {
                mv.visitVarInsn(Opcodes.LLOAD, Integer.parseInt(operand.substring(0, operand.length() - 2)));
            } else if (operand.endsWith(":I")) {
                mv.visitVarInsn(Opcodes.ILOAD, Integer.parseInt(operand.substring(0, operand.length() - 2)));
                mv.visitInsn(Opcodes.I2L);
            } else {
                mv.visitVarInsn(Opcodes.ALOAD, Integer.parseInt(operand));
            }
        }
    }
}
