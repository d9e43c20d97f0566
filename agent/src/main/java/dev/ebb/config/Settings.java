package dev.ebb.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The texts that the user gave, turned into values. What cannot be read is replaced by its default and becomes a problem. Filled and read by the one thread that makes {@link Options};
 * not changed after that.
 */
final class Settings {
    private final Map<Option, String> texts = new HashMap<>();
    private final Map<Option, String> sources = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Takes the text unless a stronger source gave one before. */
    void offer(Option option, String text, String source) {
        if (!texts.containsKey(option)) {
            texts.put(option, text);
            sources.put(option, source);
        }
    }

    /** Those of the options named from there, all others from here; nothing is left of problems. */
    Settings with(List<Option> named, Settings there) {
        Settings merged = new Settings();
        merged.texts.putAll(texts);
        merged.sources.putAll(sources);
        for (Option option : named) {
            merged.reset(option);
            if (there.texts.containsKey(option)) {
                merged.offer(option, there.texts.get(option), there.sources.get(option));
            }
        }
        return merged;
    }

    void problem(String text) {
        if (!problems.contains(text)) {
            problems.add(text);
        }
    }

    List<String> problems() {
        return Collections.unmodifiableList(problems);
    }

    String text(Option option) {
        String text = texts.get(option);
        return text == null ? option.defaultText() : text;
    }

    String source(Option option) {
        String source = sources.get(option);
        return source == null ? "default" : source;
    }

    /** Takes {@code true} and {@code false} for {@code on} and {@code off}, and the other way round. */
    boolean onOff(Option option) {
        boolean truth = option.defaultText().equals("true") || option.defaultText().equals("false");
        String text = text(option);
        boolean on = text.equalsIgnoreCase("on") || text.equalsIgnoreCase("true");
        if (on || text.equalsIgnoreCase("off") || text.equalsIgnoreCase("false")) {
            replace(option, truth ? (on ? "true" : "false") : (on ? "on" : "off"));
            return on;
        }
        refuse(option, truth ? "true or false" : "on or off");
        return option.defaultText().equals("on") || option.defaultText().equals("true");
    }

    /** @param choices in lower case, one of them the default */
    String oneOf(Option option, String... choices) {
        String text = text(option).toLowerCase(Locale.ROOT);
        StringBuilder accepted = new StringBuilder();
        for (int i = 0; i < choices.length; i++) {
            if (text.equals(choices[i])) {
                replace(option, text);
                return text;
            }
            accepted.append(i == 0 ? "" : i == choices.length - 1 ? " or " : ", ").append(choices[i]);
        }
        refuse(option, accepted.toString());
        return option.defaultText();
    }

    long durationNanos(Option option) {
        long nanos = Values.durationNanos(text(option));
        if (nanos < 0) {
            refuse(option, "a duration such as 500ms, 5s or 2m");
            nanos = Values.durationNanos(option.defaultText());
        }
        return nanos;
    }

    /** 0 for {@code off}. */
    long durationNanosOrOff(Option option) {
        if (text(option).equalsIgnoreCase("off")) {
            replace(option, "off");
            return 0;
        }
        return durationNanos(option);
    }

    long sizeBytes(Option option) {
        long bytes = Values.sizeBytes(text(option));
        if (bytes < 0) {
            refuse(option, "a size such as 512k, 64m or 2g");
            bytes = Values.sizeBytes(option.defaultText());
        }
        return bytes;
    }

    int number(Option option, int least, int most) {
        String text = text(option);
        if (Values.isNumber(text, 9) && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        refuse(option, "a number from " + least + " to " + most);
        return Integer.parseInt(option.defaultText());
    }

    /** Null for {@code off}. */
    HttpAddress addressOrOff(Option option) {
        if (text(option).equalsIgnoreCase("off")) {
            replace(option, "off");
            return null;
        }
        HttpAddress address = HttpAddress.parse(text(option));
        if (address == null) {
            refuse(option, "host:port, a port from 0 to 65535, or off");
        }
        return address;
    }

    /** Writes the user's text as Ebb understood it; a default stays a default. */
    void replace(Option option, String text) {
        if (texts.containsKey(option)) {
            texts.put(option, text);
        }
    }

    /** Back to the default. */
    void reset(Option option) {
        texts.remove(option);
        sources.remove(option);
    }

    private void refuse(Option option, String accepted) {
        problem(option.property() + "=" + text(option) + " (" + source(option) + ") is not " + accepted + "; the default " + option.defaultText() + " is used");
        reset(option);
    }
}
