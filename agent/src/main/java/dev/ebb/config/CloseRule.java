package dev.ebb.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One entry of {@code ebb.close}: how to dispose of the late result of a load. Immutable.
 *
 * <pre>
 * pkg.Class#load =&gt; destroy()              on the result
 * pkg.Class#load =&gt; this.drop({0})         on the receiver of the load, with the load's first argument
 * pkg.Class#load =&gt; shutdown() unpublished the load hands its result to nobody but its caller
 * pkg.Class#load =&gt; unpublished            the same with close()
 * </pre>
 *
 * @param target the loads
 * @param onReceiver whether the closer is called on the receiver of the load instead of on its result
 * @param method name of the closer
 * @param arguments indexes, from 0 on, of the load's arguments that are handed to the closer, in order; unmodifiable
 * @param unpublished whether the load hands its result to nobody but its caller
 */
public record CloseRule(LoadPattern target, boolean onReceiver, String method, List<Integer> arguments, boolean unpublished) {
    private static final String ACCEPTED = "write pkg.Class#load => destroy(), => this.drop({0}) or => shutdown() unpublished";

    /** @throws IllegalArgumentException if the entry cannot be understood; the message reads on after the quoted entry */
    static CloseRule parse(String entry) {
        int arrow = entry.indexOf("=>");
        if (arrow < 0) {
            throw new IllegalArgumentException("has no =>; " + ACCEPTED);
        }
        String call = entry.substring(arrow + 2).trim();
        boolean unpublished = call.equals("unpublished") || call.endsWith(" unpublished") || call.endsWith(")unpublished");
        if (unpublished) {
            call = call.substring(0, call.length() - "unpublished".length()).trim();
            call = call.isEmpty() ? "close()" : call;
        }
        boolean onReceiver = call.startsWith("this.");
        String name = onReceiver ? call.substring(5) : call;
        int open = name.indexOf('(');
        if (open <= 0 || !name.endsWith(")") || !TypeNames.valid(name.substring(0, open)) || name.lastIndexOf('.', open) >= 0) {
            throw new IllegalArgumentException("has no method call after =>; " + ACCEPTED);
        }
        return new CloseRule(LoadPattern.parse(entry.substring(0, arrow)), onReceiver, name.substring(0, open), indexes(name.substring(open + 1, name.length() - 1)), unpublished);
    }

    /** See {@link LoadPattern#concerns}. */
    public boolean concerns(LoadPattern load, String className, String methodName, String descriptor) {
        return target.concerns(load, className, methodName, descriptor);
    }

    private static List<Integer> indexes(String list) {
        List<Integer> indexes = new ArrayList<>();
        List<String> parts = Values.split(list, ",", !list.trim().isEmpty());
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            String number = part.startsWith("{") && part.endsWith("}") ? part.substring(1, part.length() - 1) : "";
            if (!Values.isNumber(number, 3)) {
                throw new IllegalArgumentException("hands over something else than {0}, {1}, …; " + ACCEPTED);
            }
            indexes.add(Integer.valueOf(number));
        }
        return Collections.unmodifiableList(indexes);
    }
}
