package dev.ebb;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.config.Options;
import dev.ebb.load.LastReferences;
import dev.ebb.load.Limits;
import dev.ebb.load.Sites;
import dev.ebb.memory.ClassMemory;
import dev.ebb.memory.ProcessMemory;
import dev.ebb.record.CpuMeter;
import dev.ebb.record.HeapMeter;
import dev.ebb.record.Recorder;
import dev.ebb.record.ThreadIds;
import dev.ebb.report.EventLog;
import dev.ebb.report.Figures;
import dev.ebb.report.FlightSink;
import dev.ebb.report.Troubles;
import dev.ebb.rollback.Worker;
import dev.ebb.weave.BridgeInstaller;
import dev.ebb.weave.MemoryPools;
import dev.ebb.weave.Openings;
import dev.ebb.weave.ThreadCounter;
import dev.ebb.weave.ThreadId;
import dev.ebb.weave.Weaver;
import java.lang.instrument.Instrumentation;
import java.lang.ref.Reference;

/** Knows all parts, makes and connects them; known by none. */
final class Starter {
    /** Ebb was here, and has been detached: its bridge is still there. */
    private static boolean left;

    private Starter() { }

    static synchronized void start(String arguments, Instrumentation instrumentation) throws Exception {
        boolean bridged = BridgeInstaller.installed();
        if (bridged && !left) {
            System.err.println("[ebb] Ebb is in this JVM already; remove the second -javaagent (or the attach): it is ignored");
            return;
        }
        WorkerThread thread = WorkerThread.start();
        try {
            Options options = Options.read(arguments);
            Openings openings = new Openings(instrumentation);
            if (!bridged) {
                BridgeInstaller.install(openings);
            }
            left = false;
            Connected.start(arguments, options, instrumentation, openings, thread);
        } finally {
            thread.end();
        }
    }

    /** Ebb has been detached; it may be attached again. */
    static synchronized void left() {
        left = true;
    }

    /** Refers to the bridge, so it must not be linked before that is installed. */
    private static final class Connected {
        static void start(String arguments, Options options, Instrumentation instrumentation, Openings openings, WorkerThread thread) throws Exception {
            Troubles troubles = new Troubles();
            Switch mode = new Switch(options.mode());
            ProcessMemory memory = new ProcessMemory(options.nativePath(), options.nativeCount(), options.arenaPerLoad(), troubles);
            LastReferences lastReferences = lastReferences(openings, troubles);
            HeapMeter.use(new ThreadCounter(openings, ThreadCounter.ALLOCATED_BYTES));
            ClassMemory.use(new MemoryPools(openings));
            ThreadIds.use(new ThreadId(openings));
            CpuMeter.use(new ThreadCounter(openings, ThreadCounter.CPU_NANOS));
            Sites sites = new Sites(!options.release().isEmpty());
            Weaver weaver = new Weaver(instrumentation, openings, options, sites, troubles);
            Recorder recorder = new Recorder(sites, openings, lastReferences, options.ignore(),
                weaver.closeWatcher(), memory, troubles, new Withdrawal(mode));
            EventLog lines = new EventLog(options.logLevel(), options.logFile(), options.logJson());
            Reports reports = options.reportDir().isEmpty() ? null : new Reports(options, lines, recorder, new OwnMemory(memory, troubles), troubles);
            FlightSink log = new FlightSink(reports == null ? lines : reports, recorder, troubles);
            Told told = new Told(log, reports, troubles, new Figures());
            InForce inForce = new InForce(options);
            LiveView live = new LiveView(mode, weaver, recorder, memory, inForce, told);
            Management management = new Management(instrumentation, live, troubles);
            Scrapes scrapes = options.http() == null ? null : new Scrapes(options.http(), live, told, recorder);
            Reload reload = options.config().isEmpty() ? null : new Reload(arguments, inForce, live, lines, log);
            Outside outside = new Outside(management, new Desk(recorder, live, troubles), scrapes, reload);
            Reporter reporter = new Reporter(inForce, told, weaver, mode, outside);
            LadderMaker ladder = new LadderMaker(options, openings, mode, recorder, memory, log, reporter, lastReferences, weaver.closeWatcher(), troubles, reload, live);
            Worker worker = new Worker(recorder, memory, ladder, reporter, troubles, Limits.ofThisJvm().waitingLoads());

            recorder.onManagement(management);
            recorder.listen(worker);
            EbbBridge.connect(recorder);
            if (!mode.off()) {
                weaver.weave();
            }
            thread.give(worker);
            Thread hook = new Thread(null, new Stop(recorder, worker, reporter), "ebb-stop", 0, false);
            Runtime.getRuntime().addShutdownHook(hook);
            live.detachBy(new Detachment(worker, reporter, outside, hook, lines));
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
    }
}
