package dev.ebb.record;

import dev.ebb.load.Site;
import java.io.File;
import java.nio.file.Path;

/** What a pattern says behind {@code as}, with the arguments of the call. */
final class Labels {
    /** Of a pattern without {@code as}. */
    static final String NONE = "-";

    private static final int LABEL_LIMIT = 200;

    private Labels() { }

    /** The label template with {@code {n}} replaced, without ever calling {@code toString} of a class of the program. */
    static String of(Site site, Object receiver, Object[] arguments) {
        String template = site.label();
        if (template == null) {
            return NONE;
        }
        StringBuilder label = new StringBuilder();
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                break;
            }
            label.append(template, from, open).append(argument(template.substring(open + 1, close), receiver, arguments));
            from = close + 1;
        }
        label.append(template, from, template.length());
        return label.length() > LABEL_LIMIT ? label.substring(0, LABEL_LIMIT) : label.toString();
    }

    private static String argument(String number, Object receiver, Object[] arguments) {
        if (number.equals("this")) {
            return receiver == null ? "?" : receiver.getClass().getSimpleName();
        }
        int index = number.length() == 1 ? number.charAt(0) - '0' : -1;
        if (arguments == null || index < 0 || index >= arguments.length) {
            return "?";
        }
        Object value = arguments[index];
        if (value instanceof Enum) {
            return ((Enum<?>) value).name();
        }
        boolean harmless = value == null || value instanceof String || value instanceof Number || value instanceof Boolean || value instanceof Character
            || value instanceof File || value instanceof Path;
        return harmless ? String.valueOf(value) : value.getClass().getSimpleName();
    }
}
