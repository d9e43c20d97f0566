package dev.ebb.load;

/** Stacks as one line of text, without the frames of Ebb itself. */
final class Place {
    private static final int FRAMES = 12;

    private Place() { }

    /** {@code a.B.open(B.java:12) < a.C.load(C.java:40) < 7 more} */
    static String text(Throwable taken) {
        StackTraceElement[] stack = taken.getStackTrace();
        int first = 0;
        while (first < stack.length && isOurs(stack[first].getClassName())) {
            first++;
        }
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

    private static boolean isOurs(String type) {
        return type.startsWith("dev.ebb.") || type.equals("java.lang.EbbBridge");
    }
}
