package dev.ebb;

import dev.ebb.config.HttpAddress;
import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.Live;
import dev.ebb.record.Recorder;
import dev.ebb.report.Metrics;
import dev.ebb.report.MetricsEndpoint;
import java.io.IOException;

/** Opens {@code ebb.http} beside the program's start, and closes it. */
final class Scrapes {
    private final HttpAddress address;
    private final Live live;
    private final Told told;
    private final Recorder recorder;
    private MetricsEndpoint endpoint;

    Scrapes(HttpAddress address, Live live, Told told, Recorder recorder) {
        this.address = address;
        this.live = live;
        this.told = told;
        this.recorder = recorder;
    }

    /** On the worker. */
    synchronized void start() {
        try {
            endpoint = MetricsEndpoint.open(address.host(), address.port(), new Metrics(live, told.figures()), told.troubles());
            Thread thread = new Thread(null, this::serve, "ebb-http", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
            thread.start();
            told.log().event(new Event(Level.INFO, "http.listening").with("address", endpoint.address()));
        } catch (IOException | RuntimeException e) {
            told.troubles().report("http", new IOException("ebb.http=" + address.host() + ":" + address.port() + " cannot be listened on: " + e.getMessage(), e),
                "give ebb.http an address of this machine and a port that is free; all else goes on");
        }
    }

    synchronized void leave() {
        if (endpoint != null) {
            endpoint.close();
            endpoint = null;
        }
    }

    private void serve() {
        MetricsEndpoint mine;
        synchronized (this) {
            mine = endpoint;
        }
        recorder.ignoreThisThread();
        if (mine != null) {
            mine.run();
        }
    }
}
