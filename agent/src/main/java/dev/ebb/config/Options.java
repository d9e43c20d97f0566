package dev.ebb.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Every option of Ebb, with the values that one start of it uses. A value comes from the system property {@code ebb.x}, else from the agent argument {@code x=y}, else from the
 * environment variable {@code EBB_X}, else from the file that {@code ebb.config} names, else it is the default. Immutable and safe for any thread.
 *
 * <p>Reading throws nothing for bad input: each mistake becomes one of the {@link #problems}, and the default is used.
 */
public final class Options {
    public static final Option ENABLED = option("enabled", "true", "true or false; false is decided before anything else is loaded");
    public static final Option MODE = option("mode", "rollback", "rollback, observe (reports only) or off (weaves nothing)");
    public static final Option LOADS = option("loads", "", "watched methods, separated by ;: pkg.Class#method, pkg.Type+#load* (subtypes), pkg.Class#m(java.lang.String,..), "
        + "@pkg.Annotation; ' as {0}' picks the label");
    public static final Option CLOSE = option("close", "", "how to dispose of a late result that is no AutoCloseable, separated by ;: pkg.Class#load => destroy(), => this.drop({0}), "
        + "=> shutdown() unpublished");
    public static final Option PRESETS = option("presets", "auto", "engines known by name, watched once a class of theirs is loaded: auto (all if ebb.loads is empty, else none), all, none, or "
        + "names separated by comma; 'java -jar ebb-agent.jar presets' lists them");
    public static final Option RELEASE = option("release", "", "methods that release what a load has brought in, patterns as in ebb.loads; a second later its ledger must be empty, "
        + "and a purge follows. The load is the one that returned the object which the method is called on or given, else all of the label behind ' as {0}'");
    public static final Option LOAD_TIMEOUT = option("load.timeout", "none", "deadline for a load, a duration; per pattern: pattern=30s;pattern=2m;10s");
    public static final Option TIMEOUT_EXCEPTIONS = option("timeout.exceptions", "java.util.concurrent.TimeoutException,java.net.SocketTimeoutException,"
        + "java.net.http.HttpTimeoutException,java.nio.channels.InterruptedByTimeoutException,java.util.concurrent.StructuredTaskScope$TimeoutException", "what counts as a timeout, subtypes too; class names, separated by comma");
    public static final Option ROLLBACK_ON = option("rollback.on", "timeout", "timeout, failure (any exception) or never");
    public static final Option ROLLBACK_GRACE = option("rollback.grace", "5s", "how long to wait for quiet before reporting holders, a duration");
    public static final Option ROLLBACK_CHECKPOINT = option("rollback.checkpoint", "on", "on or off: end threads of a load that nobody wants any more where they take memory or "
        + "open a file, by a LoadAbandonedError");
    public static final Option ROLLBACK_INTERRUPT = option("rollback.interrupt", "on", "on or off: interrupt threads of a load that nobody wants any more, five times at most, where that hurts nobody "
        + "else");
    public static final Option ROLLBACK_CANCEL = option("rollback.cancel", "on", "on or off: cancel tasks that a load has queued and that have not begun, and send idle threads of its pools home");
    public static final Option ROLLBACK_STOP = option("rollback.stop", "off", "on or off: after the grace, have the JVM throw a LoadAbandonedError in threads that nothing else has ended, wherever "
        + "they stand; as dangerous as Thread.stop was");
    public static final Option ROLLBACK_CLOSE = option("rollback.close", "on", "on or off: close what the load opened");
    public static final Option ROLLBACK_CLOSE_TIMEOUT = option("rollback.close.timeout", "30s", "how long one close may take before it is reported and left to itself, a duration");
    public static final Option ROLLBACK_DELETE = option("rollback.delete", "on", "on or off: delete files that the load created, only under ebb.files");
    public static final Option ROLLBACK_GC = option("rollback.gc", "on", "on or off: run a GC, which proves what is unreachable and frees its buffers");
    public static final Option ROLLBACK_GC_INTERVAL = option("rollback.gc.interval", "250ms", "the least time between two GCs that Ebb asks for, each for all rollbacks that need one then, a duration; 0 for no limit. After a long one it waits four times as long as that took");
    public static final Option ROLLBACK_JITTER = option("rollback.jitter", "0", "the longest that the first GC or purge after a quiet half minute is put off by chance, so that a fleet that fails all at once does not make them all at once; a duration");
    public static final Option ROLLBACK_WALK = option("rollback.walk", "200ms", "the longest pause that a walk through the heap may cause by itself, to find out who holds what "
        + "is left of a load; a duration, 0 or off for never");
    public static final Option ABANDON = option("abandon", "proven", "proven or eager: whether a load that still runs is abandoned once its callers have timed out and not come back");
    public static final Option ABANDON_AFTER = option("abandon.after", "5s", "how long nobody may have waited for a load before ebb.abandon=eager takes it for abandoned, a duration");
    public static final Option FILES = option("files", "", "directories in which a load's files may be deleted; absolute paths, separated by : ; or comma");
    public static final Option PURGE = option("purge", "on", "on or off: make allocators return unused pages after a rollback");
    public static final Option PURGE_INTERVAL = option("purge.interval", "10s", "the least time between two purges, each of which may be repeated once, a duration; 0 for no limit");
    public static final Option LOG_LEVEL = option("log.level", "info", "debug, info, warn or error");
    public static final Option LOG_FILE = option("log.file", "", "file to append the log to; stderr if empty");
    public static final Option LOG_FORMAT = option("log.format", "text", "text, or json for one JSON object a line");
    public static final Option LOG_SUMMARY = option("log.summary", "5m", "time between two summary lines, a duration; 0 or off for none");
    public static final Option NATIVE_PATH = option("native.path", "", "the native library to use instead of the one in the jar");
    public static final Option NATIVE_COUNT = option("native.count", "auto", "auto, on or off: whether malloc by a load's threads is counted, under jemalloc only; that needs the native "
        + "library, which auto loads at start only if the JVM does not warn of it (before JDK 24, or with --enable-native-access=ALL-UNNAMED), else at the first purge");
    public static final Option ARENA = option("arena", "shared", "shared, or per-load: each load's threads allocate from a jemalloc arena of its own, to know its live bytes exactly; a "
        + "diagnostic, for which the native library is loaded at start");
    public static final Option IGNORE = option("ignore", "", "class name prefixes, separated by comma: what is acquired below such a frame belongs to the program and not to the load");
    public static final Option TRACK = option("track", "", "classes of closeable objects, separated by comma: recorded with their subclasses when constructed in a load, and closed "
        + "when nobody reaches them; for native handles such as org.rocksdb.RocksObject");
    public static final Option REPORT_DIR = option("report.dir", "", "directory for one post-mortem per rolled-back load (HTML and JSON), an index of them, and .hlog histograms; none "
        + "are written if empty");
    public static final Option REPORT_KEEP = option("report.keep", "100", "how many post-mortems are kept in ebb.report.dir, 1 to 10000: the oldest go");
    public static final Option REPORT_SIZE = option("report.size", "64m", "how large all reports in ebb.report.dir may be together, a size: the oldest go");
    public static final Option HTTP = option("http", "off", "host:port, or a port of the loopback interface, for metrics as Prometheus reads them under /metrics; off for none, port 0 for any");
    public static final Option CONFIG = option("config", "", "properties file with further options, keys with or without ebb.");

    private static final List<Option> ALL = Collections.unmodifiableList(Arrays.asList(
        ENABLED, MODE, LOADS, PRESETS, CLOSE, RELEASE, LOAD_TIMEOUT, TIMEOUT_EXCEPTIONS, ROLLBACK_ON, ROLLBACK_GRACE,
        ROLLBACK_CHECKPOINT, ROLLBACK_CANCEL, ROLLBACK_INTERRUPT, ROLLBACK_STOP,
        ROLLBACK_CLOSE, ROLLBACK_CLOSE_TIMEOUT, ROLLBACK_DELETE, ROLLBACK_GC, ROLLBACK_GC_INTERVAL, ROLLBACK_JITTER, ROLLBACK_WALK,
        ABANDON, ABANDON_AFTER,
        FILES, PURGE, PURGE_INTERVAL,
        LOG_LEVEL, LOG_FILE, LOG_FORMAT, LOG_SUMMARY, REPORT_DIR, REPORT_KEEP, REPORT_SIZE, HTTP, NATIVE_PATH, NATIVE_COUNT, ARENA, IGNORE, TRACK, CONFIG,
        later("rollback.unsafe", "off")));

    /** Those of which a change in the file of {@code ebb.config} takes effect while the program runs. */
    private static final List<Option> RELOADED = Collections.unmodifiableList(Arrays.asList(
        MODE, ROLLBACK_ON, ROLLBACK_GRACE, ROLLBACK_CHECKPOINT, ROLLBACK_CANCEL, ROLLBACK_INTERRUPT, ROLLBACK_STOP, ROLLBACK_CLOSE, ROLLBACK_CLOSE_TIMEOUT, ROLLBACK_DELETE, ROLLBACK_GC, ROLLBACK_JITTER,
        ABANDON, ABANDON_AFTER, PURGE, PURGE_INTERVAL, LOG_LEVEL, LOG_SUMMARY));

    private final Settings settings;
    private final boolean enabled;
    private final String mode;
    private final List<LoadPattern> loads;
    private final List<String> presets;
    private final List<CloseRule> closeRules;
    private final List<LoadPattern> release;
    private final List<DeadlineRule> deadlines;
    private final List<String> timeoutExceptions;
    private final String rollbackOn;
    private final long rollbackGraceNanos;
    private final boolean rollbackCheckpoint;
    private final boolean rollbackInterrupt;
    private final boolean rollbackCancel;
    private final boolean rollbackStop;
    private final boolean rollbackClose;
    private final long rollbackCloseTimeoutNanos;
    private final boolean rollbackDelete;
    private final boolean rollbackGc;
    private final long rollbackGcIntervalNanos;
    private final long rollbackJitterNanos;
    private final long rollbackWalkNanos;
    private final boolean abandonEager;
    private final long abandonAfterNanos;
    private final List<String> files;
    private final boolean purge;
    private final long purgeIntervalNanos;
    private final String logLevel;
    private final boolean logJson;
    private final long logSummaryNanos;
    private final HttpAddress http;
    private final String nativeCount;
    private final int reportKeep;
    private final long reportBytes;
    private final boolean arenaPerLoad;
    private final List<String> ignore;
    private final List<String> track;

    private Options(Settings settings) {
        this.settings = settings;
        EntryLists entries = new EntryLists(settings);
        enabled = settings.onOff(ENABLED);
        mode = settings.oneOf(MODE, "rollback", "observe", "off");
        loads = entries.patterns(LOADS);
        presets = entries.presets(PRESETS);
        closeRules = entries.closeRules(CLOSE);
        release = entries.patterns(RELEASE);
        deadlines = entries.deadlines(LOAD_TIMEOUT);
        timeoutExceptions = entries.names(TIMEOUT_EXCEPTIONS);
        rollbackOn = settings.oneOf(ROLLBACK_ON, "timeout", "failure", "never");
        rollbackGraceNanos = settings.durationNanos(ROLLBACK_GRACE);
        rollbackCheckpoint = settings.onOff(ROLLBACK_CHECKPOINT);
        rollbackInterrupt = settings.onOff(ROLLBACK_INTERRUPT);
        rollbackCancel = settings.onOff(ROLLBACK_CANCEL);
        rollbackStop = settings.onOff(ROLLBACK_STOP);
        rollbackClose = settings.onOff(ROLLBACK_CLOSE);
        rollbackCloseTimeoutNanos = settings.durationNanos(ROLLBACK_CLOSE_TIMEOUT);
        rollbackDelete = settings.onOff(ROLLBACK_DELETE);
        rollbackGc = settings.onOff(ROLLBACK_GC);
        rollbackGcIntervalNanos = settings.durationNanos(ROLLBACK_GC_INTERVAL);
        rollbackJitterNanos = settings.durationNanos(ROLLBACK_JITTER);
        rollbackWalkNanos = settings.durationNanosOrOff(ROLLBACK_WALK);
        abandonEager = settings.oneOf(ABANDON, "proven", "eager").equals("eager");
        abandonAfterNanos = settings.durationNanos(ABANDON_AFTER);
        files = entries.directories(FILES);
        purge = settings.onOff(PURGE);
        purgeIntervalNanos = settings.durationNanos(PURGE_INTERVAL);
        logLevel = settings.oneOf(LOG_LEVEL, "debug", "info", "warn", "error");
        logJson = settings.oneOf(LOG_FORMAT, "text", "json").equals("json");
        logSummaryNanos = settings.durationNanosOrOff(LOG_SUMMARY);
        arenaPerLoad = settings.oneOf(ARENA, "shared", "per-load").equals("per-load");
        reportKeep = settings.number(REPORT_KEEP, 1, 10_000);
        reportBytes = settings.sizeBytes(REPORT_SIZE);
        http = settings.addressOrOff(HTTP);
        nativeCount = settings.oneOf(NATIVE_COUNT, "auto", "on", "off");
        ignore = entries.names(IGNORE);
        track = entries.names(TRACK);
    }

    /**
     * Reads all sources of this process.
     *
     * @param agentArguments what stood after the {@code =} of {@code -javaagent}; null if there was none
     */
    public static Options read(String agentArguments) {
        return read(agentArguments, SourceReader.systemProperties(), System.getenv());
    }

    /** Reads agent arguments alone, and the file that they name. */
    public static Options readAlone(String agentArguments) {
        return read(agentArguments, Map.of(), Map.of());
    }

    /** @param properties the system properties whose names begin with {@code ebb.} */
    static Options read(String agentArguments, Map<String, String> properties, Map<String, String> environment) {
        Settings settings = new Settings();
        new SourceReader(ALL, settings).read(agentArguments, properties, environment);
        return new Options(settings);
    }

    /** Every option, the ones of later versions included, in the order of the documentation. */
    public static List<Option> all() {
        return ALL;
    }

    /** Options whose change in the file of {@code ebb.config} takes effect while the program runs; a change of the others waits for the next start. */
    public static List<Option> reloaded() {
        return RELOADED;
    }

    /** Of what was read there, all that takes effect while the program runs; the rest as it is here. */
    public Options reloadedFrom(Options there) {
        return new Options(settings.with(RELOADED, there.settings));
    }

    /** Empty for none. */
    public String config() {
        return settings.text(CONFIG);
    }

    /** What the user should change: bad values, unknown names, an unreadable file. One line each, with the remedy; empty if all is well. */
    public List<String> problems() {
        return settings.problems();
    }

    /** Where the value in use came from: {@code system property}, {@code agent argument}, {@code environment}, {@code ebb.config file}, or {@code default} if the user's was refused too. */
    public String source(Option option) {
        return settings.source(option);
    }

    /** The value in use, as an agent argument would give it. */
    public String text(Option option) {
        return settings.text(option);
    }

    public boolean enabled() {
        return enabled;
    }

    /** {@code rollback}, {@code observe} or {@code off}. */
    public String mode() {
        return mode;
    }

    public List<LoadPattern> loads() {
        return loads;
    }

    /** Methods that release what loads have brought in. */
    public List<LoadPattern> release() {
        return release;
    }

    public List<CloseRule> closeRules() {
        return closeRules;
    }

    /** In the order given, but the one for all loads, if any, last: the first that applies counts. */
    public List<DeadlineRule> deadlines() {
        return deadlines;
    }

    /** Binary class names. */
    public List<String> timeoutExceptions() {
        return timeoutExceptions;
    }

    /** {@code timeout} (loads that timed out or were abandoned), {@code failure} (these, and loads that threw anything) or {@code never}. */
    public String rollbackOn() {
        return rollbackOn;
    }

    public long rollbackGraceNanos() {
        return rollbackGraceNanos;
    }

    public boolean rollbackCheckpoint() {
        return rollbackCheckpoint;
    }

    public boolean rollbackInterrupt() {
        return rollbackInterrupt;
    }

    public boolean rollbackCancel() {
        return rollbackCancel;
    }

    public boolean rollbackStop() {
        return rollbackStop;
    }

    /** Whether there may be presets that are wanted; false spares reading which there are. */
    public boolean anyPreset() {
        return presets.contains("auto") ? loads.isEmpty() : !presets.contains("none");
    }

    /** Whether what presets say of the engines' objects is used, also where their loads are not watched. */
    public boolean anyPresetKnown() {
        return !presets.contains("none");
    }

    /** @param name of a preset, in lower case */
    public boolean presetKnown(String name) {
        return presetWanted(name) || presets.contains("auto");
    }

    /** @param name of a preset, in lower case */
    public boolean presetWanted(String name) {
        return anyPreset() && (presets.contains("auto") || presets.contains("all") || presets.contains(name));
    }

    public boolean rollbackClose() {
        return rollbackClose;
    }

    public long rollbackCloseTimeoutNanos() {
        return rollbackCloseTimeoutNanos;
    }

    public boolean rollbackDelete() {
        return rollbackDelete;
    }

    public boolean rollbackGc() {
        return rollbackGc;
    }

    public long rollbackJitterNanos() {
        return rollbackJitterNanos;
    }

    public long rollbackGcIntervalNanos() {
        return rollbackGcIntervalNanos;
    }

    /** 0 for never. */
    public long rollbackWalkNanos() {
        return rollbackWalkNanos;
    }

    /** True for {@code eager}, false for {@code proven}. */
    public boolean abandonEager() {
        return abandonEager;
    }

    public long abandonAfterNanos() {
        return abandonAfterNanos;
    }

    /** Absolute directories without {@code .} or {@code ..} parts, never the root; links are not resolved. */
    public List<String> files() {
        return files;
    }

    public boolean purge() {
        return purge;
    }

    public long purgeIntervalNanos() {
        return purgeIntervalNanos;
    }

    /** {@code debug}, {@code info}, {@code warn} or {@code error}. */
    public String logLevel() {
        return logLevel;
    }

    /** Empty for stderr. */
    public String logFile() {
        return settings.text(LOG_FILE);
    }

    public boolean logJson() {
        return logJson;
    }

    /** 0 for no summaries. */
    public long logSummaryNanos() {
        return logSummaryNanos;
    }

    public boolean arenaPerLoad() {
        return arenaPerLoad;
    }

    /** Empty for no reports. */
    public String reportDir() {
        return settings.text(REPORT_DIR);
    }

    public int reportKeep() {
        return reportKeep;
    }

    public long reportBytes() {
        return reportBytes;
    }

    /** Null for none. */
    public HttpAddress http() {
        return http;
    }

    /** {@code auto}, {@code on} or {@code off}. */
    public String nativeCount() {
        return nativeCount;
    }

    /** Empty for the library in the jar. */
    public String nativePath() {
        return settings.text(NATIVE_PATH);
    }

    /** Prefixes of binary class names. */
    public List<String> ignore() {
        return ignore;
    }

    /** Binary class names; nested classes after {@code $} or {@code .}. */
    public List<String> track() {
        return track;
    }

    /** The argument string that gives these values again: {@code name=value,…} of all that are not defaults. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ALL.size(); i++) {
            Option option = ALL.get(i);
            if (option != CONFIG && !settings.text(option).equals(option.defaultText())) {
                text.append(text.length() == 0 ? "" : ",").append(option.name()).append('=').append(settings.text(option));
            }
        }
        return text.toString();
    }

    private static Option option(String name, String defaultText, String meaning) {
        return new Option(name, defaultText, meaning, true);
    }

    /** A name of the design that this version does not have yet. */
    private static Option later(String name, String defaultText) {
        return new Option(name, defaultText, "not available in this version", false);
    }
}
