package dev.ebb.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The head of a request (RFC 9112), as far as one who answers {@code GET /metrics} needs it.
 *
 * @param path without what follows a question mark
 * @param host without a port, in lower case; null if it was not said, or twice
 */
record HttpRequest(String method, String path, String host) {
    private static final int MOST_BYTES = 8192;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Takes three seconds at most if each read of the stream ends within one. @return null if it is none, too long or too slow */
    static HttpRequest read(InputStream in) throws IOException {
        byte[] bytes = new byte[MOST_BYTES];
        int length = 0;
        long end = System.nanoTime() + MOST_NANOS;
        while (true) {
            int read = length == MOST_BYTES || System.nanoTime() - end > 0 ? -1 : in.read(bytes, length, MOST_BYTES - length);
            if (read < 0) {
                return null;
            }
            length += read;
            String head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            int blank = head.indexOf("\r\n\r\n");
            if (blank >= 0) {
                return parse(head.substring(0, blank).split("\r\n"));
            }
        }
    }

    private static HttpRequest parse(String[] lines) {
        String[] first = lines[0].split(" ");
        if (first.length != 3 || !first[2].startsWith("HTTP/1.")) {
            return null;
        }
        String host = null;
        int hosts = 0;
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].regionMatches(true, 0, "Host:", 0, 5)) {
                host = withoutPort(lines[i].substring(5).trim().toLowerCase(Locale.ROOT));
                hosts++;
            }
        }
        return new HttpRequest(first[0], first[1].split("\\?", 2)[0], hosts == 1 ? host : null);
    }

    /** Brackets stay: {@code [::1]}. */
    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
