package dev.ebb;

import dev.ebb.config.Options;
import dev.ebb.load.Event;
import dev.ebb.load.EventSink;
import dev.ebb.load.Purged;
import dev.ebb.load.Trouble;
import dev.ebb.record.Recorder;
import dev.ebb.report.Postmortems;
import java.util.function.Supplier;

/** Makes the post-mortems when the first load is told of, on a thread of Ebb's: a start, and a program without loads, need nothing of them. */
final class Reports implements EventSink {
    private final Options options;
    private final EventSink log;
    private final Recorder recorder;
    private final Supplier<Purged> allocators;
    private final OwnMemory memory;
    private final Trouble trouble;
    private volatile Postmortems postmortems;

    Reports(Options options, EventSink log, Recorder recorder, Supplier<Purged> allocators, OwnMemory memory, Trouble trouble) {
        this.options = options;
        this.log = log;
        this.recorder = recorder;
        this.allocators = allocators;
        this.memory = memory;
        this.trouble = trouble;
    }

    @Override
    public void event(Event event) {
        if (postmortems == null && event.name().startsWith("load.")) {
            make();
        }
        EventSink sink = postmortems == null ? log : postmortems;
        sink.event(event);
    }

    /** RSS was read while a load was open or being rolled back. @param sharedBytes of it, pages of files and shared memory */
    void sampled(long rssBytes, long sharedBytes) {
        if (postmortems == null) {
            make();
        }
        postmortems.sampled(rssBytes, sharedBytes);
    }

    /** Waits for what is being written. @param millis at most */
    void finish(long millis) {
        if (postmortems != null) {
            postmortems.finish(millis);
        }
    }

    void close() {
        if (postmortems != null) {
            postmortems.close();
        }
    }

    private synchronized void make() {
        if (postmortems == null) {
            Postmortems.Surroundings surroundings = new Postmortems.Surroundings(recorder::undecided, allocators, memory, LiveView.inForce(options), Voice.version(), recorder::ignoreThisThread);
            postmortems = new Postmortems(log, surroundings, options.reportDir(), options.reportKeep(), options.reportBytes(), trouble);
        }
    }
}
