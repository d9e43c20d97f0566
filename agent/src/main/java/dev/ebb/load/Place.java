package dev.ebb.load;

/** Stacks as one line of text, without what Ebb itself does at the top of them. */
public final class Place {
    private static final String BRIDGE = "java.lang.EbbBridge";
    private static final int FRAMES = 12;

    private Place() { }

    static String text(Throwable taken) {
        return text(taken.getStackTrace());
    }

    /** {@code a.B.open(B.java:12) < a.C.load(C.java:40) < 7 more}; empty for a stack without frames. */
    public static String text(StackTraceElement[] stack) {
        int first = programsTop(stack);
        StringBuilder text = new StringBuilder();
        int end = Math.min(stack.length, first + FRAMES);
        for (int i = first; i < end; i++) {
            text.append(i == first ? "" : " < ").append(stack[i]);
        }
        if (stack.length > end) {
            text.append(" < ").append(stack.length - end).append(" more");
        }
        return text.toString();
    }

    /** Below the bridge if the stack is in a hook, whatever of the JDK that uses: it says nothing about the program, and would crowd out what does. */
    private static int programsTop(StackTraceElement[] stack) {
        int ours = 0;
        for (int i = 0; i < stack.length; i++) {
            String type = stack[i].getClassName();
            if (type.equals(BRIDGE)) {
                return i + 1;
            }
            boolean isOurs = type.startsWith("dev.ebb.");
            if (!isOurs && !type.startsWith("java.") && !type.startsWith("jdk.")) {
                break;
            }
            if (isOurs && ours == i) {
                ours++;
            }
        }
        return ours;
    }
}
