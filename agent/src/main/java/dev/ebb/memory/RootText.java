package dev.ebb.memory;

/** Roots in words. The numbers are those of jvmtiHeapReferenceKind. */
final class RootText {
    private static final int STATIC_FIELD = 8;
    private static final int CONSTANT_POOL = 9;
    private static final int JNI_GLOBAL = 21;
    private static final int SYSTEM_CLASS = 22;
    private static final int MONITOR = 23;
    private static final int STACK_LOCAL = 24;
    private static final int JNI_LOCAL = 25;
    private static final int THREAD = 26;

    private RootText() { }

    /** Empty for a class whose static field it is. */
    static String of(long walk, int root, ThreadNames names) {
        long[] values = NativeWalk.root(walk, root);
        return switch ((int) values[0]) {
            case STATIC_FIELD -> "";
            case CONSTANT_POOL -> "constant of";
            case JNI_GLOBAL -> "JNI global reference";
            case SYSTEM_CLASS -> "system class";
            case MONITOR -> "locked monitor";
            case STACK_LOCAL -> frame(walk, root) + " slot=" + values[2] + names.of(values[1]);
            case JNI_LOCAL -> frame(walk, root) + " JNI local reference" + names.of(values[1]);
            case THREAD -> "live thread";
            default -> "JVM";
        };
    }

    private static String frame(long walk, int root) {
        String frame = NativeWalk.frame(walk, root);
        return "frame=" + (frame.isEmpty() ? "?" : frame);
    }
}
