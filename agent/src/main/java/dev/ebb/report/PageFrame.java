package dev.ebb.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What stands around the body of every page. A page asks for nothing from a network, and runs no script but ours: its policy names them by their hashes, so that
 * not even a hole in the escaping would run what a label says. The chart is drawn by uPlot, whose licence stands before it.
 */
final class PageFrame {
    private PageFrame() { }

    /** @param data JSON for the chart; null for a page without one */
    static String page(String title, Html body, String data) throws IOException {
        String css = resource("page.css") + (data == null ? "" : resource("uPlot.min.css"));
        String plot = resource("uPlot.iife.min.js");
        String script = resource("page.js");
        String scripts = data == null ? "'none'" : hash(plot) + " " + hash(script);
        Html page = new Html().raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src ")
            .raw(scripts).raw("; style-src ").raw(hash(css)).raw("\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
        page.element("title", title).raw("<style>").raw(css).raw("</style></head><body>\n").raw(body.toString());
        if (data != null) {
            page.raw("<script type=\"application/json\" id=\"data\">").raw(Html.json(data)).raw("</script>\n<!-- uPlot:\n").raw(resource("LICENSE")).raw("-->\n<script>").raw(plot).raw("</script>\n<script>").raw(script).raw("</script>\n");
        }
        return page.raw("</body></html>\n").toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = PageFrame.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not in the jar");
            }
            // a browser hashes what it reads, with line ends made one
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
    }

    private static String hash(String text) {
        try {
            return "'sha256-" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
