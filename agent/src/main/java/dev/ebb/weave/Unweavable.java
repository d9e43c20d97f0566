package dev.ebb.weave;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Methods that would not be what they were, were they woven: javac writes none of them, but obfuscators and generators do. They are left as they are, since a class that the JVM
 * refuses is one that the program misses. Used where there is a constructor to weave, or a method turned out too large.
 */
final class Unweavable {
    static final String USED_OTHERWISE = "its code uses the variable of \"this\" for something else";
    /** A number that javac writes where it is used, so that this class need not be loaded. */
    static final int LARGEST_STACK = 65_535;

    private Unweavable() { }

    /** Of the constructors of a class, by descriptor: whether {@code this} is in its variable all the time, as in nearly all. */
    static Map<String, Boolean> keepThis(ClassReader reader) {
        Map<String, Boolean> keepThis = new HashMap<>();
        reader.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                if (!name.equals("<init>")) {
                    return null;
                }
                keepThis.put(descriptor, true);
                return new Constructor(descriptor, keepThis);
            }
        }, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return keepThis;
    }

    /** For whoever weaves a method whose stack would not fit. @param name with its descriptor */
    static MethodTooLargeException tooDeep(String className, String name) {
        int descriptor = name.indexOf('(');
        return new MethodTooLargeException(className, name.substring(0, descriptor), name.substring(descriptor), LARGEST_STACK);
    }

    /** Name and descriptor of the method that is too large to be woven; null if it is something else that went wrong. */
    static String tooLarge(IndexOutOfBoundsException e) {
        return e instanceof MethodTooLargeException tooLarge ? tooLarge.getMethodName() + tooLarge.getDescriptor() : null;
    }

    /** What is woven into a constructor takes {@code this} from variable 0 at the end. */
    private static final class Constructor extends MethodVisitor {
        private final String descriptor;
        private final Map<String, Boolean> keepThis;

        Constructor(String descriptor, Map<String, Boolean> keepThis) {
            super(Opcodes.ASM9);
            this.descriptor = descriptor;
            this.keepThis = keepThis;
        }

        @Override
        public void visitVarInsn(int opcode, int variable) {
            // ProGuard gives the variable to something else once the object is not used any more
            if (variable == 0 && opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE) {
                keepThis.put(descriptor, false);
            }
        }
    }
}
