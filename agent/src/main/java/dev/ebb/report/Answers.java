package dev.ebb.report;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.ebb.load.Event;
import dev.ebb.load.HolderSearch.Cost;
import dev.ebb.load.HolderSearch.Found;
import dev.ebb.load.Live;
import dev.ebb.load.Load;
import dev.ebb.load.PresetState;
import dev.ebb.load.Purged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What commands get to hear: one JSON object, with {@code error} if it could not be done. On threads of Ebb's; as slow as what is asked for. */
public final class Answers {
    private static final long STARTED = System.currentTimeMillis();
    private static final int REPORTS = 100;
    private static final int THREADS = 16;

    private final Live live;
    private final EbbBean bean;

    public Answers(Live live) {
        this.live = live;
        bean = new EbbBean(live);
    }

    /** @param request a command and what it is given, with a blank between */
    public String answer(String request) {
        int blank = request.indexOf(' ');
        String command = blank < 0 ? request : request.substring(0, blank);
        String given = blank < 0 ? "" : request.substring(blank + 1).trim();
        JsonObject answer = new JsonObject();
        try {
            switch (command) {
                case "status" -> status(answer);
                case "loads" -> loads(answer);
                case "purge" -> purge(answer, live.purge());
                case "mode" -> mode(answer, given);
                case "holders-cost" -> cost(answer, bean.search(number(given)).costOf(number(given)));
                case "holders" -> holders(answer, bean.search(number(given)).holdersOf(number(given)));
                case "dump" -> answer.put("text", bean.dump());
                case "report" -> reports(answer);
                case "presets" -> presets(answer);
                case "detach" -> detach(answer);
                default -> answer.put("error", "this version of Ebb, " + live.version() + ", does not know the command " + command);
            }
        } catch (IllegalArgumentException | IOException e) {
            answer.put("error", String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            answer.put("error", e.toString());
        }
        return JsonWriter.string(answer);
    }

    private void status(JsonObject answer) {
        answer.put("pid", ProcessHandle.current().pid());
        answer.put("version", live.version());
        answer.put("jdk", Runtime.version().toString());
        answer.put("mode", live.mode());
        answer.put("watchedMs", System.currentTimeMillis() - STARTED);
        answer.put("openLoads", bean.getOpenLoads());
        answer.put("holdingLoads", bean.getHoldingLoads());
        answer.put("records", bean.getRecords());
        answer.put("holds", figures(bean.getTotals()));
        answer.put("summary", fields(live.summary()));
        JsonArray troubles = new JsonArray();
        live.troubles().forEach(trouble -> troubles.add(fields(trouble)));
        answer.put("troubles", troubles);
        answer.put("mistakes", new JsonArray(live.mistakes()));
        JsonArray options = new JsonArray();
        for (String[] option : live.options()) {
            if (!option[2].equals("default")) {
                options.add(option(option));
            }
        }
        answer.put("options", options);
    }

    private static JsonObject option(String[] option) {
        JsonObject json = new JsonObject();
        json.put("name", option[0]);
        json.put("value", option[1]);
        json.put("source", option[2]);
        return json;
    }

    private static JsonObject figures(LedgerView view) {
        JsonObject json = new JsonObject();
        json.put("directBytes", view.getDirectBytes());
        json.put("mappedBytes", view.getMappedBytes());
        json.put("foreignBytes", view.getForeignBytes());
        json.put("unsafeBytes", view.getUnsafeBytes());
        json.put("openFiles", view.getOpenFiles());
        json.put("tracked", view.getTracked());
        json.put("unrecorded", view.getUnrecorded());
        return json;
    }

    /** The fields of a line, as in the JSON log. */
    private static JsonObject fields(Event event) {
        JsonObject json = new JsonObject();
        for (Event.Field field : event.fields()) {
            if (LogFormat.present(field.value())) {
                json.put(field.name(), field.value());
            }
        }
        return json;
    }

    private void loads(JsonObject answer) {
        JsonArray loads = new JsonArray();
        for (LedgerView view : bean.getLedgers()) {
            JsonObject json = new JsonObject();
            json.put("load", view.getLoad());
            json.put("label", view.getLabel());
            json.put("method", view.getMethod());
            json.put("state", view.getState());
            json.putAll(figures(view));
            Load load = find(view.getLoad());
            if (load != null) {
                json.put("durationMs", TimeUnit.NANOSECONDS.toMillis(load.durationNanos()));
                json.put("inside", inside(load));
                json.put("threads", new JsonArray(load.threads().describe(THREADS)));
            }
            loads.add(json);
        }
        answer.put("loads", loads);
    }

    private static JsonArray inside(Load load) {
        JsonArray threads = new JsonArray();
        for (Thread thread : load.inside()) {
            StackTraceElement[] stack = thread.getStackTrace();
            JsonObject json = new JsonObject();
            json.put("thread", thread.getName());
            json.put("state", thread.getState().toString());
            json.put("at", stack.length == 0 ? null : stack[0].toString());
            threads.add(json);
        }
        return threads;
    }

    private Load find(long id) {
        for (Load load : live.loads()) {
            if (load.id() == id) {
                return load;
            }
        }
        return null;
    }

    private static void purge(JsonObject answer, Purged purged) {
        answer.put("allocator", purged.allocator());
        answer.put("way", purged.way());
        answer.put("returnedBytes", purged.returnedBytes());
        answer.put("purgeMs", TimeUnit.NANOSECONDS.toMillis(purged.nanos()));
        if (purged.allocatedBytes() >= 0) {
            answer.put("allocatedBytes", purged.allocatedBytes());
        }
        if (purged.cachedBytes() >= 0) {
            answer.put("cachedBytes", purged.cachedBytes());
        }
        answer.put("note", purged.note());
    }

    private void mode(JsonObject answer, String wanted) {
        answer.put("before", live.mode());
        if (!wanted.isEmpty()) {
            live.mode(wanted);
        }
        answer.put("mode", live.mode());
    }

    private static long number(String load) {
        if (!load.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("'" + load + "' is no number of a load");
        }
        return Long.parseLong(load);
    }

    private static void cost(JsonObject answer, Cost cost) {
        answer.put("heapBytes", cost.heapBytes());
        answer.put("expectedPauseMs", TimeUnit.NANOSECONDS.toMillis(cost.pauseNanos()));
        answer.put("steps", cost.steps());
    }

    private static void holders(JsonObject answer, Found found) {
        cost(answer, found.expected());
        answer.put("paths", new JsonArray(found.paths()));
        answer.put("passes", found.passes());
        answer.put("stoppedMs", TimeUnit.NANOSECONDS.toMillis(found.stoppedNanos()));
        answer.put("longestPauseMs", TimeUnit.NANOSECONDS.toMillis(found.longestPauseNanos()));
        answer.put("note", found.note());
    }

    private void reports(JsonObject answer) throws IOException {
        String directory = live.reportDir();
        if (directory.isEmpty()) {
            throw new IllegalArgumentException("no reports are written: ebb.report.dir is not set; start the program with -Debb.report.dir=DIR");
        }
        Path path = Path.of(directory).toAbsolutePath();
        answer.put("directory", path.toString());
        JsonArray reports = new JsonArray();
        List<String[]> summaries = new ReportDirectory(path.toString(), 1, 1).summaries();
        for (String[] summary : summaries.subList(0, Math.min(REPORTS, summaries.size()))) {
            JsonObject json = IndexPage.parse(summary[1]);
            if (json != null) {
                json.put("file", path.resolve(summary[0] + ".html").toString());
                reports.add(json);
            }
        }
        answer.put("reports", reports);
    }

    private void presets(JsonObject answer) throws IOException {
        JsonArray presets = new JsonArray();
        for (PresetState state : live.presets()) {
            JsonObject json = new JsonObject();
            json.put("name", state.name());
            json.put("wanted", state.wanted());
            json.put("found", state.found());
            json.put("matched", new JsonArray(state.matched()));
            presets.add(json);
        }
        answer.put("presets", presets);
    }

    private void detach(JsonObject answer) {
        answer.put("openLoads", bean.getOpenLoads());
        answer.put("left", live.detach());
    }
}
