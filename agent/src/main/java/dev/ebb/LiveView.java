package dev.ebb;

import dev.ebb.load.Ledger;
import dev.ebb.load.Live;
import dev.ebb.load.Load;
import dev.ebb.load.Memory;
import dev.ebb.load.Purged;
import dev.ebb.record.Recorder;
import dev.ebb.weave.Weaver;
import java.util.Collection;

/** Answers from the parts that know. */
final class LiveView implements Live {
    private final Switch mode;
    private final Weaver weaver;
    private final Recorder recorder;
    private final Memory memory;

    LiveView(Switch mode, Weaver weaver, Recorder recorder, Memory memory) {
        this.mode = mode;
        this.weaver = weaver;
        this.recorder = recorder;
        this.memory = memory;
    }

    @Override
    public String version() {
        return Reporter.version();
    }

    @Override
    public String mode() {
        return mode.mode();
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
    public Purged purge() {
        return memory.purge();
    }
}
