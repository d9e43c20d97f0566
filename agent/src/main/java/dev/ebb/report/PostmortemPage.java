package dev.ebb.report;

import dev.ebb.load.Event;
import dev.ebb.load.MemoryAccount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The page about one load: everything that it tells is in tables and text, and stands there without a script; the chart comes on top. */
final class PostmortemPage {
    private static final int WIDTH = 700;
    private static final String[] PERCENTILES = {"P50", "P90", "P99", "Max"};

    private final PostmortemData data;
    private final Story story;
    private final Html html = new Html();

    PostmortemPage(PostmortemData data) {
        this.data = data;
        story = data.story();
    }

    String html() throws IOException {
        head();
        memory();
        ladder();
        holders();
        held();
        account();
        good();
        options();
        html.raw("<h2>Log</h2>\n<pre tabindex=\"0\">");
        for (Event event : story.events) {
            html.text(PostmortemData.line(event)).raw("\n");
        }
        html.raw("</pre>\n");
        return PageFrame.page("Load " + story.id + " " + story.label + ": " + story.text("verdict"), html, data.json());
    }

    private void head() {
        html.raw("<p><a href=\"index.html\">All post-mortems</a></p>\n<h1>").text("Load " + story.id + " ").text(story.label).raw(": ").text(story.text("verdict")).raw("</h1>\n");
        html.table("What happened", "figure", "value");
        html.row("method", story.method).row("began", LogTime.text(story.beganMillis)).row("outcome", story.text("outcome")).row("cause", story.text("cause"));
        html.row("took", story.number("durationMs") + " ms").row("rollback took", story.number("rollbackMs") + " ms");
        html.row("RSS before", mebibytes("rssBeforeBytes")).row("RSS at its peak", mebibytes("rssPeakBytes")).row("RSS after", mebibytes("rssAfterBytes"));
        html.row("ebb: how much of the rise came back, 0 to 1", ratio("ebb")).row("allocator", story.text("allocator"));
        html.row("process", ProcessHandle.current().pid()).row("Ebb", data.version()).row("JDK", Runtime.version()).endTable();
    }

    private void memory() {
        html.raw("<h2>Memory over time</h2>\n<div id=\"chart\" tabindex=\"0\" role=\"img\" aria-label=\"RSS and what loads hold over time; the marks are in the table below; arrow keys move the "
            + "cursor\"></div>\n<noscript><p>The chart needs a script; the table has its marks.</p></noscript>\n");
        html.table("Marks, with the RSS that was sampled last before each", "mark", "after the beginning", "RSS", "what");
        int number = 0;
        for (PostmortemData.Mark mark : data.marks()) {
            long rss = data.rssAt(mark.millis());
            html.row(++number, mark.millis() - story.beganMillis + " ms", rss < 0 ? "not known" : TextFormat.mebibytes(rss), mark.what());
        }
        html.endTable();
    }

    private List<Event> steps() {
        List<Event> steps = new ArrayList<>();
        for (Event event : story.events) {
            if (event.name().equals("rollback.step") || event.name().equals("purge.done")) {
                steps.add(event);
            }
        }
        return steps;
    }

    private static String step(Event event) {
        return event.name().equals("purge.done") ? "purge" : String.valueOf(event.value("step"));
    }

    /** The rung that waits says for how long in a field of its own. */
    private static long took(Event event) {
        return event.number(event.name().equals("purge.done") ? "purgeMs" : event.value("waitedMs") != null ? "waitedMs" : "tookMs");
    }

    private static long returned(Event event) {
        return event.number(event.name().equals("purge.done") ? "purgedBytes" : "returnedBytes");
    }

    private void ladder() {
        html.raw("<h2>The ladder</h2>\n");
        List<Event> steps = steps();
        if (steps.isEmpty()) {
            html.element("p", "No rung was climbed: nothing was touched.");
            return;
        }
        timeline(steps);
        html.table("What each rung gave back, measured by RSS; a purge may have served other loads as well", "rung", "ended after", "took", "returned", "more");
        for (Event event : steps) {
            StringBuilder more = new StringBuilder();
            for (Event.Field field : event.fields()) {
                if (!List.of("load", "label", "method", "step", "tookMs", "waitedMs", "returnedBytes", "purgedBytes", "purgeMs").contains(field.name()) && LogFormat.present(field.value())) {
                    more.append(more.length() == 0 ? "" : ", ").append(TextFormat.key(field)).append('=').append(TextFormat.value(field));
                }
            }
            html.row(step(event), event.timeMillis() - story.beganMillis + " ms", took(event) + " ms", TextFormat.mebibytes(returned(event)), more);
        }
        html.row("by itself, before the first rung", "", "", mebibytes("byItselfBytes"), "").row("by rungs of other loads", "", "", mebibytes("byOthersBytes"), "");
        html.row("still there for a known reason", "", "", mebibytes("accountedBytes"), "").row("unexplained", "", "", mebibytes("unexplainedBytes"), "").endTable();
    }

    private void timeline(List<Event> steps) {
        long first = steps.get(0).timeMillis() - took(steps.get(0));
        long span = Math.max(1, steps.get(steps.size() - 1).timeMillis() - first);
        html.element("p", "One bar for each rung, over the " + span + " ms from the beginning of the first to the end of the last.");
        for (Event event : steps) {
            long x = Math.max(0, event.timeMillis() - took(event) - first) * WIDTH / span;
            long width = Math.max(3, took(event) * WIDTH / span);
            // the text stands outside, since it would shrink with the picture
            html.raw("<p class=\"rung\">").text(step(event) + ", " + took(event) + " ms, " + TextFormat.mebibytes(returned(event)))
                .raw("</p><svg viewBox=\"0 0 " + (WIDTH + 3) + " 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect x=\"" + x + "\" y=\"0\" width=\"" + width
                    + "\" height=\"14\"/></svg>\n");
        }
    }

    private void holders() {
        html.raw("<h2>Who holds what is left</h2>\n");
        if (story.holders().isEmpty()) {
            html.element("p", "Nobody.");
        }
        for (String holder : story.holders()) {
            boolean path = holder.contains(" -> ");
            String[] parts = path ? holder.split(" -> ") : holder.split(" < | at (?=[\\w.$/<>@]+\\()");
            html.raw("<details open><summary>").text(parts[0]).raw("</summary><ol class=\"stack\" start=\"1\">\n");
            for (int i = path ? 0 : 1; i < parts.length; i++) {
                html.element("li", parts[i]);
            }
            html.raw("</ol></details>\n");
        }
    }

    private void held() {
        html.raw("<h2>What it held when its end was known</h2>\n");
        if (story.largest.isEmpty()) {
            html.element("p", "Nothing that is recorded one by one, or too much to list.");
            return;
        }
        html.table("The largest, and where they were taken", "kind", "bytes", "taken at");
        for (Story.Held held : story.largest) {
            html.row(held.kind(), held.bytes(), held.takenAt() == null ? "not sampled" : held.takenAt());
        }
        html.endTable();
    }

    private void account() {
        html.raw("<h2>Where the memory of the process is</h2>\n");
        MemoryAccount account = data.account();
        if (account == null) {
            html.element("p", "It could not be told.");
            return;
        }
        html.table("Resident " + TextFormat.mebibytes(account.residentBytes()) + " when this page was written", "part", "bytes");
        for (Map.Entry<MemoryAccount.Part, Long> part : account.partsInOrder().entrySet()) {
            html.row(part.getKey().text(), TextFormat.mebibytes(part.getValue()));
        }
        html.endTable().table("Of these, or beside RSS", "what", "bytes");
        for (MemoryAccount.Detail detail : MemoryAccount.Detail.values()) {
            if (account.bytes(detail) > 0) {
                html.row(detail.text(), TextFormat.mebibytes(account.bytes(detail)));
            }
        }
        html.endTable().raw("<ul>\n");
        for (MemoryAccount.Finding finding : account.findings()) {
            html.element("li", finding.cause() + (finding.bytes() > 0 ? " " + TextFormat.mebibytes(finding.bytes()) : "") + ": " + finding.what() + " → " + finding.remedy());
        }
        account.allocators().forEach(allocator -> html.element("li", "allocator " + allocator));
        account.notes().forEach(note -> html.element("li", "note: " + note));
        html.raw("</ul>\n");
    }

    private void good() {
        html.raw("<h2>Beside loads of this method that completed</h2>\n");
        long loads = data.good().number("loads");
        if (loads == 0) {
            html.element("p", "None has completed in this process yet.");
            return;
        }
        html.table(loads + " loads", "figure", "this load", "half of them, at most", "9 of 10", "99 of 100", "the most");
        goodRow("took", story.number("durationMs") + " ms", "duration", "Ms");
        Event end = story.events.get(0);
        goodRow("held off the heap", TextFormat.mebibytes(GoodLoads.heldBytes(end)), "held", "Bytes");
        goodRow("rise of RSS", TextFormat.mebibytes(Math.max(0, story.number("rssPeakBytes") - story.number("rssBeforeBytes"))), "rssRise", "Bytes");
        html.endTable();
    }

    private void goodRow(String what, String here, String name, String unit) {
        Object[] cells = new Object[PERCENTILES.length + 2];
        cells[0] = what;
        cells[1] = here;
        for (int i = 0; i < PERCENTILES.length; i++) {
            long value = data.good().number(name + PERCENTILES[i] + unit);
            cells[i + 2] = unit.equals("Ms") ? value + " ms" : TextFormat.mebibytes(value);
        }
        html.row(cells);
    }

    private void options() {
        html.raw("<h2>Options in force</h2>\n").table("Every option of this version", "option", "value", "from");
        for (String[] option : data.options()) {
            html.row(option[0], option[1].isEmpty() ? "–" : option[1], option[2]);
        }
        html.endTable();
    }

    private String ratio(String field) {
        return story.value(field) instanceof Number ? TextFormat.ratio(((Number) story.value(field)).doubleValue()) : "not known";
    }

    private String mebibytes(String field) {
        return story.value(field) == null ? "not known" : TextFormat.mebibytes(story.number(field));
    }
}
