package dev.ebb.config;

import java.util.List;

/** The argument types of a {@link LoadPattern}. Immutable. */
final class ArgumentTypes {
    private static final String PRIMITIVES = "Zboolean;Bbyte;Cchar;Sshort;Iint;Jlong;Ffloat;Ddouble;";

    private final String[] types;
    private final boolean open;

    private ArgumentTypes(String[] types, boolean open) {
        this.types = types;
        this.open = open;
    }

    /**
     * @param list what stands between the parentheses
     * @throws IllegalArgumentException for what is no type name; the message reads on after the quoted entry
     */
    static ArgumentTypes parse(String list) {
        if (list.trim().isEmpty()) {
            return new ArgumentTypes(new String[0], false);
        }
        List<String> parts = Values.split(list, ",", true);
        boolean open = parts.get(parts.size() - 1).equals("..");
        String[] types = new String[open ? parts.size() - 1 : parts.size()];
        for (int i = 0; i < types.length; i++) {
            String type = parts.get(i);
            types[i] = type.endsWith("...") ? type.substring(0, type.length() - 3).concat("[]") : type;
            if (!TypeNames.valid(element(types[i]))) {
                throw new IllegalArgumentException("has argument types that cannot be read at \"" + type + "\"; write (java.lang.String,int[],..), without type parameters");
            }
        }
        return new ArgumentTypes(types, open);
    }

    /** @param descriptor of a method */
    boolean match(String descriptor) {
        int at = 1;
        for (int i = 0; i < types.length; i++) {
            int end = descriptor.charAt(at) == ')' ? at : end(descriptor, at);
            if (end == at || !typeMatches(types[i], descriptor, at, end)) {
                return false;
            }
            at = end;
        }
        return open || descriptor.charAt(at) == ')';
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < types.length; i++) {
            text.append(i == 0 ? "" : ",").append(types[i]);
        }
        return text.append(!open ? "" : types.length == 0 ? ".." : ",..").append(')').toString();
    }

    private static boolean typeMatches(String written, String descriptor, int start, int end) {
        String element = element(written);
        int dimensions = (written.length() - element.length()) / 2;
        int at = start;
        while (descriptor.charAt(at) == '[') {
            at++;
        }
        if (at - start != dimensions) {
            return false;
        }
        if (descriptor.charAt(at) == 'L') {
            return TypeNames.sameOrSimple(element, descriptor.substring(at + 1, end - 1));
        }
        int primitive = PRIMITIVES.indexOf(descriptor.charAt(at));
        return PRIMITIVES.startsWith(element.concat(";"), primitive + 1);
    }

    private static String element(String type) {
        String element = type;
        while (element.endsWith("[]")) {
            element = element.substring(0, element.length() - 2);
        }
        return element;
    }

    /** Where the type that begins at {@code at} ends. */
    private static int end(String descriptor, int at) {
        int last = at;
        while (descriptor.charAt(last) == '[') {
            last++;
        }
        return descriptor.charAt(last) == 'L' ? descriptor.indexOf(';', last) + 1 : last + 1;
    }
}
