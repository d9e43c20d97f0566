package dev.ebb.rollback;

import dev.ebb.load.FieldReader;
import java.util.List;

/** Writes a path from a root: {@code static com.acme.Registry.SEGMENTS -> ConcurrentHashMap.table -> Node[] -> Node.val -> Segment.buf -> DirectByteBuffer}. */
final class PathText {
    private static final String ARROW = " -> ";

    private final FieldReader fields;

    PathText(FieldReader fields) {
        this.fields = fields;
    }

    /** @param from where it begins; empty if the first object is a class, one of whose static fields holds the second; @param objects at least one */
    String of(String from, List<Object> objects) {
        StringBuilder text = new StringBuilder();
        int first = 0;
        if (from.isEmpty() && objects.get(0) instanceof Class && objects.size() > 1) {
            Class<?> type = (Class<?>) objects.get(0);
            text.append("static ").append(type.getName()).append(known(fields.fieldTo(type, objects.get(1))));
            first = 1;
        } else {
            text.append(objects.get(0) instanceof Thread ? "thread " + ((Thread) objects.get(0)).getName() : from);
        }
        for (int i = first; i < objects.size(); i++) {
            text.append(ARROW).append(name(objects.get(i).getClass()));
            if (i + 1 < objects.size() && !objects.get(i).getClass().isArray()) {
                text.append(known(fields.fieldTo(objects.get(i), objects.get(i + 1))));
            }
        }
        return text.toString();
    }

    /** The program may have changed the field meanwhile. */
    private static String known(String field) {
        return field == null ? "" : "." + field;
    }

    /** Without package and outer classes; {@code getSimpleName} would load those. */
    private static String name(Class<?> type) {
        if (type.isArray()) {
            return name(type.getComponentType()) + "[]";
        }
        String full = type.getName();
        String inPackage = full.substring(full.lastIndexOf('.', type.isHidden() ? full.lastIndexOf('/') : full.length() - 1) + 1);
        int dollar = type.isHidden() ? -1 : inPackage.lastIndexOf('$', inPackage.length() - 2);
        return inPackage.substring(dollar + 1);
    }
}
