package dev.ebb.report;

import dev.ebb.load.Event;
import dev.ebb.load.EventSink;
import dev.ebb.load.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts troubles by place and kind; says each in the log once, when Ebb's worker comes round, and its count at the end. Thread-safe. */
public final class Troubles implements Trouble {
    /** More kinds of trouble than this are counted together. */
    private static final int LIMIT = 256;

    private final ConcurrentHashMap<String, Kind> kinds = new ConcurrentHashMap<>();

    private static final class Kind {
        private final String where;
        private final Throwable first;
        private final String remedy;
        private final AtomicLong count = new AtomicLong();
        private boolean told;

        Kind(String where, Throwable first, String remedy) {
            this.where = where;
            this.first = first;
            this.remedy = remedy;
        }
    }

    @Override
    public void report(String where, Throwable cause, String remedy) {
        try {
            String key = kinds.size() < LIMIT ? where + '|' + cause.getClass().getName() : "more|";
            Kind kind = kinds.get(key);
            if (kind == null) {
                Kind fresh = new Kind(where, cause, remedy);
                Kind before = kinds.putIfAbsent(key, fresh);
                kind = before == null ? fresh : before;
            }
            kind.count.incrementAndGet();
        } catch (Throwable outOfMemory) {
            // there is nowhere left to say it
        }
    }

    public long count() {
        long count = 0;
        for (Kind kind : kinds.values()) {
            count += kind.count.get();
        }
        return count;
    }

    /** Says what has not been said yet. On one of Ebb's own threads, one at a time. */
    public synchronized void tell(EventSink events) {
        for (Kind kind : kinds.values()) {
            if (!kind.told) {
                kind.told = true;
                events.event(new Event(Event.Level.WARN, "trouble").with("where", kind.where).with("what", describe(kind.first))
                    .with("at", place(kind.first)).with("remedy", kind.remedy));
            }
        }
    }

    /** Each kind with its count, said or not. */
    public List<Event> all() {
        List<Event> all = new ArrayList<>();
        for (Kind kind : kinds.values()) {
            all.add(new Event(Event.Level.WARN, "trouble").with("where", kind.where).with("what", describe(kind.first)).with("at", place(kind.first))
                .with("remedy", kind.remedy).with("count", kind.count.get()));
        }
        return all;
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getName() : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private static String place(Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        return stack.length == 0 ? null : stack[0].toString();
    }
}
