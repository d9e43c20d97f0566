package dev.ebb.weave;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.AdviceAdapter;

/** Makes the watched methods of one class tell when they are entered and left. Adds no member and no local variable. */
final class LoadWeaver extends ClassVisitor {
    /** Which methods are watched. */
    interface Selection {
        /** @return the number of the site, or -1 if the method is not watched */
        int site(int access, String method, String descriptor);

        /** Whether woven code has to hand over receiver and arguments. */
        boolean needsArguments(int site);

        /** A watched method that cannot be woven. */
        void left(String method, String descriptor, String why);
    }

    private final Selection selection;
    /** Frames come and go expanded, and all of a method have to be of one kind. */
    private final boolean expanded;
    /** Names and descriptors of the watched methods that can be woven. */
    private final Set<String> watched;
    private String className;
    private int version;

    private LoadWeaver(ClassVisitor next, Selection selection, Set<String> watched, boolean expanded) {
        super(Opcodes.ASM9, next);
        this.selection = selection;
        this.watched = watched;
        this.expanded = expanded;
    }

    /** @return the woven class, or null if none of its methods is watched, or none of these can be woven */
    static byte[] weave(byte[] original, Selection selection) {
        ClassReader reader = new ClassReader(original);
        Set<String> watched = new HashSet<>();
        boolean[] constructor = {false};
        reader.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                if (hasCode(access) && selection.site(access, name, descriptor) >= 0) {
                    watched.add(name + descriptor);
                    constructor[0] |= name.equals("<init>");
                }
                return null;
            }
        }, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        if (constructor[0]) {
            for (Map.Entry<String, Boolean> entry : Unweavable.keepThis(reader).entrySet()) {
                if (!entry.getValue()) {
                    leave("<init>" + entry.getKey(), Unweavable.USED_OTHERWISE, watched, selection);
                }
            }
        }
        while (!watched.isEmpty()) {
            try {
                return weave(reader, selection, watched, constructor[0]);
            } catch (IndexOutOfBoundsException e) {
                // the others of the class are woven all the same
                String method = Unweavable.tooLarge(e);
                if (method == null || !leave(method, "it would be larger than a method may be", watched, selection)) {
                    throw e;
                }
            }
        }
        return null;
    }

    private static byte[] weave(ClassReader reader, Selection selection, Set<String> watched, boolean constructor) {
        ClassWriter writer = new ClassWriter(reader, 0);
        // AdviceAdapter reads expanded frames only
        reader.accept(new LoadWeaver(writer, selection, watched, constructor), constructor ? ClassReader.EXPAND_FRAMES : 0);
        return writer.toByteArray();
    }

    private static boolean leave(String method, String why, Set<String> watched, Selection selection) {
        boolean left = watched.remove(method);
        if (left) {
            int end = method.indexOf('(');
            selection.left(method.substring(0, end), method.substring(end), why);
        }
        return left;
    }

    private static boolean hasCode(int access) {
        return (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
    }

    @Override
    public void visit(int classVersion, int access, String name, String signature, String superName, String[] interfaces) {
        className = name;
        version = classVersion;
        super.visit(classVersion, access, name, signature, superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
        if (!hasCode(access) || !watched.contains(name + descriptor)) {
            return method;
        }
        int site = selection.site(access, name, descriptor);
        Type[] arguments = selection.needsArguments(site) ? Type.getArgumentTypes(descriptor) : null;
        LoadMethod code = new LoadMethod(method, site, version, expanded, className, name + descriptor);
        return name.equals("<init>") ? Constructor.adapt(method, access, descriptor, code, arguments)
            : new Method(method, (access & Opcodes.ACC_STATIC) == 0, code, arguments);
    }

    private static final class Method extends MethodVisitor {
        private final boolean receiver;
        private final LoadMethod code;
        private final Type[] arguments;
        private final Label start = new Label();

        Method(MethodVisitor next, boolean receiver, LoadMethod code, Type[] arguments) {
            super(Opcodes.ASM9, next);
            this.receiver = receiver;
            this.code = code;
            this.arguments = arguments;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            code.entered(receiver, receiver ? 1 : 0, arguments);
            super.visitLabel(start);
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                code.returning(opcode);
            }
            super.visitInsn(opcode);
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            Label end = new Label();
            super.visitLabel(end);
            code.handler(List.of(start, end), false);
            super.visitMaxs(code.stack(maxStack), maxLocals);
        }
    }

    /**
     * Two handlers: one where the constructor above has not been called yet, while the object is not initialized, and one where it has. What the constructor above throws
     * itself nobody may catch (JVMS 4.10.1.9, flagThisUninit): the recorder notices such a load by its missing frame. Groovy's compiler calls one of several, and throws in between
     * where none fits.
     */
    private static final class Constructor extends AdviceAdapter {
        private final MethodVisitor next;
        private final LoadMethod code;
        private final Type[] arguments;
        /** Where the parts begin and end in which the object is not initialized, and those in which it is. */
        private final List<Label> before = new ArrayList<>();
        private final List<Label> after = new ArrayList<>();
        private Label call;
        private boolean framed;

        /** As what it is taken for: a verifier that sees a new one where any visitor is wanted loads the adapter and all above it, needed or not. */
        static MethodVisitor adapt(MethodVisitor next, int access, String descriptor, LoadMethod code, Type[] arguments) {
            return new Constructor(next, access, descriptor, code, arguments);
        }

        private Constructor(MethodVisitor next, int access, String descriptor, LoadMethod code, Type[] arguments) {
            super(Opcodes.ASM9, next, access, "<init>", descriptor);
            this.next = next;
            this.code = code;
            this.arguments = arguments;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            // written past the adapter, which would take what it sees for the constructor's own code
            code.entered(false, 1, arguments);
            before.add(here());
        }

        private Label here() {
            Label here = new Label();
            next.visitLabel(here);
            return here;
        }

        private static boolean isOpen(List<Label> parts) {
            return parts.size() % 2 != 0;
        }

        /** What is true of this place, whatever stands before it: the JVM takes the object for not initialized where a variable says so. */
        @Override
        public void visitFrame(int type, int localCount, Object[] locals, int stackCount, Object[] stack) {
            framed = true;
            List<Label> now = localCount > 0 && locals[0] == Opcodes.UNINITIALIZED_THIS ? before : after;
            List<Label> other = now == before ? after : before;
            if (isOpen(other)) {
                other.add(here());
            }
            if (!isOpen(now)) {
                now.add(here());
            }
            super.visitFrame(type, localCount, locals, stackCount, stack);
        }

        @Override
        public void visitMethodInsn(int opcode, String type, String name, String descriptor, boolean isInterface) {
            if (isOpen(before) && opcode == INVOKESPECIAL && name.equals("<init>")) {
                // the last one before onMethodEnter is the call of the constructor above
                call = here();
            }
            super.visitMethodInsn(opcode, type, name, descriptor, isInterface);
        }

        @Override
        protected void onMethodEnter() {
            if (isOpen(before)) {
                before.add(call);
            }
            if (!framed) {
                // nothing tells of which sort are parts before this one: that which follows the last call is initialized
                after.clear();
            }
            if (!isOpen(after)) {
                after.add(here());
            }
        }

        @Override
        protected void onMethodExit(int opcode) {
            if (opcode != ATHROW) {
                code.constructed();
            }
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            List<Label> last = isOpen(before) ? before : after;
            if (isOpen(last)) {
                last.add(here());
            }
            code.handler(before, true);
            code.handler(after, false);
            next.visitMaxs(code.stack(maxStack), maxLocals);
        }
    }
}
