package dev.ebb.report;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import dev.ebb.load.Event;
import java.util.List;

/** One JSON object a line: {@code time}, {@code level}, {@code event}, then the fields in order; bytes as whole numbers. */
final class JsonFormat implements LogFormat {
    @Override
    public String line(long timeMillis, String level, String name, List<Event.Field> fields) {
        JsonStringWriter json = JsonWriter.string().object().value("time", LogTime.text(timeMillis)).value("level", level).value("event", name);
        for (Event.Field field : fields) {
            if (LogFormat.present(field.value())) {
                write(json, field.name(), field.value());
            }
        }
        return json.end().done();
    }

    private static void write(JsonStringWriter json, String name, Object value) {
        if (value instanceof List) {
            json.array(name);
            for (Object element : (List<?>) value) {
                json.value(String.valueOf(element));
            }
            json.end();
        } else if (value instanceof Number || value instanceof Boolean) {
            json.value(name, value);
        } else {
            json.value(name, String.valueOf(value));
        }
    }
}
