package dev.ebb;

import dev.ebb.config.Option;
import dev.ebb.config.Options;
import dev.ebb.load.Event;
import dev.ebb.load.HolderSearch;
import dev.ebb.load.Ledger;
import dev.ebb.load.Live;
import dev.ebb.load.Load;
import dev.ebb.load.Memory;
import dev.ebb.load.PresetState;
import dev.ebb.load.Purged;
import dev.ebb.record.Recorder;
import dev.ebb.weave.Weaver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Answers from the parts that know. */
final class LiveView implements Live {
    private final Switch mode;
    private final Weaver weaver;
    private final Recorder recorder;
    private final Memory memory;
    private final InForce inForce;
    private final Told told;
    private volatile Detachment detachment;
    private volatile HolderSearch holders;

    LiveView(Switch mode, Weaver weaver, Recorder recorder, Memory memory, InForce inForce, Told told) {
        this.inForce = inForce;
        this.told = told;
        this.mode = mode;
        this.weaver = weaver;
        this.recorder = recorder;
        this.memory = memory;
    }

    /** @param search once there is a ladder, which the worker makes */
    void searchBy(HolderSearch search) {
        holders = search;
    }

    /** @param way out, once all parts are there */
    void detachBy(Detachment way) {
        detachment = way;
    }

    @Override
    public String version() {
        return Voice.version();
    }

    @Override
    public String mode() {
        return mode.mode();
    }

    @Override
    public boolean withdrawn() {
        return mode.withdrawn();
    }

    @Override
    public synchronized void mode(String wanted) {
        if (!wanted.equals("rollback") && !wanted.equals("observe") && !wanted.equals("off")) {
            throw new IllegalArgumentException(wanted + " is none of rollback, observe and off");
        }
        boolean wasOff = mode.off();
        mode.set(wanted);
        if (mode.off() && !wasOff) {
            weaver.unweave();
            // what is given back from now on is not heard
            recorder.forgetRecords();
        } else if (wasOff && !mode.off()) {
            weaver.weave();
        }
    }

    @Override
    public Collection<Load> loads() {
        return recorder.undecided();
    }

    @Override
    public Collection<Ledger> accounts() {
        return recorder.accounts().held();
    }

    @Override
    public long records() {
        return recorder.records();
    }

    @Override
    public Event summary() {
        return told.figures().summary();
    }

    @Override
    public List<Event> troubles() {
        return told.troubles().all();
    }

    @Override
    public List<String> mistakes() {
        return inForce.mistakes();
    }

    @Override
    public List<String[]> options() {
        return inForce(inForce.options());
    }

    /** Property, value and source of each option. */
    static List<String[]> inForce(Options options) {
        List<String[]> all = new ArrayList<>();
        for (Option option : Options.all()) {
            if (option.available()) {
                all.add(new String[] {option.property(), options.text(option), options.source(option)});
            }
        }
        return all;
    }

    @Override
    public long residentBytes() {
        return memory.residentBytes();
    }

    @Override
    public Purged allocators() {
        return memory.account();
    }

    @Override
    public HolderSearch holders() {
        return holders;
    }

    @Override
    public String reportDir() {
        return inForce.options().reportDir();
    }

    @Override
    public List<PresetState> presets() throws IOException {
        return weaver.presets();
    }

    @Override
    public String detach() {
        return detachment.run(this);
    }

    @Override
    public Purged purge() {
        return memory.purge();
    }
}
