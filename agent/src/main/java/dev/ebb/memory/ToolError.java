package dev.ebb.memory;

/** Names of the errors that JVMTI and JNI answer with, as their specifications have them. */
final class ToolError {
    private ToolError() { }

    /** As {@code THREAD_NOT_ALIVE (JVMTI error 15)}; empty for 0. */
    static String text(int error) {
        if (error == 0) {
            return "";
        }
        return error < 0 ? jni(error) + " (JNI error " + error + ")" : jvmti(error) + " (JVMTI error " + error + ")";
    }

    private static String jni(int error) {
        return switch (error) {
            case -2 -> "EDETACHED";
            case -3 -> "EVERSION";
            case -4 -> "ENOMEM";
            default -> "ERR";
        };
    }

    private static String jvmti(int error) {
        return switch (error) {
            case 10 -> "INVALID_THREAD";
            case 13 -> "THREAD_NOT_SUSPENDED";
            case 15 -> "THREAD_NOT_ALIVE";
            case 20 -> "INVALID_OBJECT";
            case 32 -> "OPAQUE_FRAME";
            case 73 -> "UNSUPPORTED_OPERATION";
            case 98 -> "NOT_AVAILABLE";
            case 99 -> "MUST_POSSESS_CAPABILITY";
            case 110 -> "OUT_OF_MEMORY";
            case 111 -> "ACCESS_DENIED";
            case 112 -> "WRONG_PHASE";
            case 113 -> "INTERNAL";
            case 115 -> "UNATTACHED_THREAD";
            case 116 -> "INVALID_ENVIRONMENT";
            default -> "ERROR";
        };
    }
}
