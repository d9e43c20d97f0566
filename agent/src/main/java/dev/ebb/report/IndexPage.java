package dev.ebb.report;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.util.List;

/** The list of all post-mortems in the directory, of whatever process. */
final class IndexPage {
    private IndexPage() { }

    /** @param summaries names without ending, and the first lines of the JSON twins */
    static String html(List<String[]> summaries) throws IOException {
        Html html = new Html().raw("<h1>Post-mortems</h1>\n").element("p", summaries.size() + " loads that were rolled back, or held, newest first. A load's page has what it held, who holds "
            + "what is left, and what each rung gave back.");
        html.table("Loads", "load", "label", "began", "process", "method", "outcome", "verdict", "took", "RSS peak", "RSS after");
        for (String[] summary : summaries) {
            row(html, summary[0], summary[1]);
        }
        return PageFrame.page("Ebb: post-mortems", html.endTable(), null);
    }

    /** @param line the first of a JSON twin. @return null if it is none */
    static JsonObject parse(String line) {
        try {
            return JsonParser.object().from(line == null ? "" : line.replaceFirst(",$", "}")).getObject("summary");
        } catch (JsonParserException e) {
            return null;
        }
    }

    private static void row(Html html, String name, String line) {
        JsonObject summary = parse(line);
        if (summary == null) {
            return; // cut off, or none of ours
        }
        html.raw("<tr><th scope=\"row\"><a href=\"").text(name + ".html").raw("\">").text(summary.getLong("load")).raw("</a></th>");
        for (String field : List.of("label", "time", "pid", "method", "outcome", "verdict")) {
            html.element("td", String.valueOf(summary.get(field)));
        }
        html.element("td", summary.getLong("durationMs") + " ms");
        html.element("td", TextFormat.mebibytes(summary.getLong("rssPeakBytes"))).element("td", TextFormat.mebibytes(summary.getLong("rssAfterBytes"))).raw("</tr>\n");
    }
}
