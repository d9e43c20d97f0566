package dev.ebb.config;

/** Comparing type names that users write ({@code Map.Entry}, {@code java.util.Map$Entry}) with those of the JVM ({@code java/util/Map$Entry}). */
final class TypeNames {
    private TypeNames() { }

    /** A Java name of one or more parts, parted by dots; {@code $} is a letter. */
    static boolean valid(String name) {
        boolean start = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (start ? !Character.isJavaIdentifierStart(c) : !Character.isJavaIdentifierPart(c) && c != '.') {
                return false;
            }
            start = c == '.';
        }
        return !start;
    }

    /** Whether {@code jvmName}, internal or binary, is the full name {@code written}, in which nested classes follow {@code $} or a dot. */
    static boolean same(String written, String jvmName) {
        return written.length() == jvmName.length() && endsWith(jvmName, written);
    }

    /** The same, but {@code written} may leave out the package, and the outer classes. */
    static boolean sameOrSimple(String written, String jvmName) {
        int rest = jvmName.length() - written.length();
        if (rest <= 0) {
            return same(written, jvmName);
        }
        char before = jvmName.charAt(rest - 1);
        // part of a package is no simple name: util.List is not java.util.List
        boolean simple = written.indexOf('.') < 0 || Character.isUpperCase(written.charAt(0));
        return simple && (before == '/' || before == '.' || before == '$') && endsWith(jvmName, written);
    }

    private static boolean endsWith(String jvmName, String written) {
        int offset = jvmName.length() - written.length();
        for (int i = 0; i < written.length(); i++) {
            char expected = written.charAt(i);
            char found = jvmName.charAt(offset + i);
            if (found != expected && !(expected == '.' && (found == '/' || found == '$'))) {
                return false;
            }
        }
        return true;
    }
}
