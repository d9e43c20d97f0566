package dev.ebb;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.config.Options;
import dev.ebb.load.LastReferences;
import dev.ebb.load.Limits;
import dev.ebb.load.Sites;
import dev.ebb.memory.ClassMemory;
import dev.ebb.memory.ProcessMemory;
import dev.ebb.record.CpuMeter;
import dev.ebb.record.Door;
import dev.ebb.record.HeapMeter;
import dev.ebb.record.Recorder;
import dev.ebb.record.ThreadIds;
import dev.ebb.report.FlightSink;
import dev.ebb.report.Troubles;
import dev.ebb.rollback.Worker;
import dev.ebb.weave.MemoryPools;
import dev.ebb.weave.Openings;
import dev.ebb.weave.ThreadCounter;
import dev.ebb.weave.ThreadId;
import dev.ebb.weave.Weaver;
import java.lang.instrument.Instrumentation;
import java.lang.ref.Reference;

/** Knows all parts behind the hooks, makes and connects them; known by {@link Instance} alone. */
final class Wiring {
    private final Recorder recorder;
    private final Worker worker;

    /** What there is before: a start has made it. @param arguments of the agent, null if there were none @param hook of the shutdown */
    record Woven(String arguments, Instrumentation instrumentation, Openings openings, InForce inForce, Switch mode, Troubles troubles, Sites sites, Weaver weaver, Thread hook) { }

    Wiring(Woven woven, Voice voice) throws ReflectiveOperationException {
        Options options = woven.inForce.options();
        Openings openings = woven.openings;
        Troubles troubles = woven.troubles;
        Weaver weaver = woven.weaver;
        Switch mode = woven.mode;
        ProcessMemory memory = new ProcessMemory(options.nativePath(), options.nativeCount(), options.arenaPerLoad(), troubles);
        LastReferences lastReferences = lastReferences(openings, troubles);
        HeapMeter.use(new ThreadCounter(openings, ThreadCounter.ALLOCATED_BYTES));
        ClassMemory.use(new MemoryPools(openings));
        ThreadIds.use(new ThreadId(openings));
        CpuMeter.use(new ThreadCounter(openings, ThreadCounter.CPU_NANOS));
        recorder = new Recorder(woven.sites, openings, lastReferences, options.ignore(), weaver.closeWatcher(), memory, troubles, new Withdrawal(mode));
        Reports reports = options.reportDir().isEmpty() ? null : new Reports(options, voice.lines(), recorder, memory::account, new OwnMemory(memory, troubles), troubles);
        FlightSink log = new FlightSink(reports == null ? voice.lines() : reports, recorder, troubles);
        Told told = new Told(log, reports, troubles, voice.figures());
        LiveView live = new LiveView(mode, weaver, recorder, memory, woven.inForce, told);
        Management management = new Management(woven.instrumentation, live, troubles);
        Scrapes scrapes = options.http() == null ? null : new Scrapes(options.http(), live, told, recorder);
        Reload reload = options.config().isEmpty() ? null : new Reload(woven.arguments, woven.inForce, live, voice.lines(), log);
        Outside outside = new Outside(management, new Desk(recorder, live, troubles), scrapes, reload);
        Reporter reporter = new Reporter(woven.inForce, voice, told, weaver, mode, outside);
        LadderMaker ladder = new LadderMaker(options, openings, mode, recorder, memory, log, reporter, lastReferences, weaver.closeWatcher(), troubles, reload, live);
        worker = new Worker(recorder, memory, ladder, reporter, troubles, Limits.ofThisJvm().waitingLoads());
        recorder.onManagement(management);
        recorder.listen(worker);
        live.detachBy(new Detachment(worker, reporter, outside, woven.hook, voice, memory));
        worker.prepare();
    }

    private static LastReferences lastReferences(Openings openings, Troubles troubles) {
        try {
            return new LastReferences(openings.into(Reference.class), openings.into(Class.forName("java.lang.ref.Finalizer")));
        } catch (ReflectiveOperationException | RuntimeException e) {
            troubles.report("last references", e, "add the module jdk.unsupported if this is a run-time image without it; until then nothing can be proven "
                + "unreachable, and late results are reported and never closed");
            return null;
        }
    }

    /** No load was missed so far, and none will be. */
    void listen(Door door) {
        EbbBridge.connect(recorder);
        door.open(recorder);
    }

    /** The rest of the calling thread's life, which is Ebb's one. */
    void work() {
        worker.run();
    }

    /** The program ends. */
    void stop() {
        recorder.ignoreThisThread();
        worker.stop();
    }
}
