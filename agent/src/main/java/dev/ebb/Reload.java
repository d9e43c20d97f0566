package dev.ebb;

import dev.ebb.config.Option;
import dev.ebb.config.Options;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Live;
import dev.ebb.report.EventLog;
import dev.ebb.rollback.Policy;
import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks once a second whether the file that {@code ebb.config} names has changed, by its time and length, and reads it again when it has not changed for another second. A file with a mistake
 * changes nothing. On the worker.
 */
final class Reload {
    private final String arguments;
    private final InForce inForce;
    private final Live live;
    private final EventLog lines;
    private final EventSink log;
    private final File file;
    private Policy policy;
    /** What stood in all sources when they were read last: a mode that was switched by command since is left alone. */
    private Options read;
    private String seen;
    private String settled;

    /** @param arguments of the agent, null if there were none @param lines whose level may change */
    Reload(String arguments, InForce inForce, Live live, EventLog lines, EventSink log) {
        this.arguments = arguments;
        this.inForce = inForce;
        this.live = live;
        this.lines = lines;
        this.log = log;
        read = inForce.options();
        file = new File(read.config());
        seen = stamp();
        settled = seen;
    }

    /** What rolls loads back is there, and goes by this. */
    void changes(Policy made) {
        policy = made;
    }

    void look() {
        String now = stamp();
        if (!now.equals(seen)) {
            // it may be half written
            seen = now;
        } else if (!now.equals(settled)) {
            settled = now;
            reload();
        }
    }

    private String stamp() {
        return file.lastModified() + " " + file.length();
    }

    private void reload() {
        Options wanted = Options.read(arguments);
        List<String> mistakes = new ArrayList<>(wanted.problems());
        // said at the start already, and of other sources
        mistakes.removeAll(read.problems());
        // here no default comes in, nor do the other sources: the change is left out as a whole
        mistakes.replaceAll(mistake -> mistake.replaceFirst("; the (default .*|other sources) (is|are) used$", ""));
        if (!mistakes.isEmpty()) {
            inForce.refuse(read.problems(), mistakes);
            log.event(new Event(Level.WARN, "trouble").with("where", "config").with("what", file + " has changed and is not used: " + String.join("; ", mistakes))
                .with("remedy", "correct it, as check says; until then what was in force stays"));
            return;
        }
        List<String> changed = new ArrayList<>();
        List<String> later = new ArrayList<>();
        for (Option option : Options.all()) {
            if (option.available() && !wanted.text(option).equals(read.text(option))) {
                (Options.reloaded().contains(option) ? changed : later).add(option.property() + "=" + wanted.text(option));
            }
        }
        boolean switched = !wanted.mode().equals(read.mode());
        read = wanted;
        use(inForce.options().reloadedFrom(wanted), switched);
        log.event(new Event(Level.INFO, "config.reloaded").with("file", file.toString()).with("changed", changed).with("nextStart", later));
    }

    private void use(Options options, boolean switched) {
        inForce.change(options, read.problems());
        lines.level(options.logLevel());
        if (policy != null) {
            policy.change(LadderMaker.settings(options));
        }
        if (switched) {
            try {
                live.mode(options.mode());
            } catch (IllegalArgumentException refused) {
                log.event(new Event(Level.WARN, "trouble").with("where", "config").with("what", "ebb.mode=" + options.mode() + " is not taken over: " + refused.getMessage()));
            }
        }
    }
}
