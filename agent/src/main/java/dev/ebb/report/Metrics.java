package dev.ebb.report;

import dev.ebb.load.Live;
import dev.ebb.load.Outcome;
import dev.ebb.load.Purged;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** What Ebb knows, in the text format of Prometheus; made anew for each scrape, out of what is counted anyway. Any thread; takes as long as asking the allocators does. */
public final class Metrics {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;
    /** Those of {@link Distribution.Reading#percentiles}; the last, the maximum, is none to Prometheus. */
    private static final double[] QUANTILES = {0.5, 0.9, 0.99};
    private static final double MICROS = 1e6;

    private final Live live;
    private final EbbBean bean;
    private final Figures figures;

    public Metrics(Live live, Figures figures) {
        this.live = live;
        this.figures = figures;
        bean = new EbbBean(live);
    }

    /** In UTF-8. */
    byte[] text() throws IOException {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        process(all);
        held(all);
        counted(all);
        allocators(all);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, all.build(), EscapingScheme.UNDERSCORE_ESCAPING);
        return out.toByteArray();
    }

    private void process(MetricSnapshots.Builder all) {
        all.metricSnapshot(InfoSnapshot.builder().name("ebb").help("The Ebb in this process")
            .dataPoint(InfoDataPointSnapshot.builder().labels(Labels.of("version", live.version())).build()).build());
        GaugeSnapshot.Builder modes = GaugeSnapshot.builder().name("ebb_mode").help("1 for the mode that Ebb is in, 0 for the others");
        for (String mode : List.of("rollback", "observe", "off")) {
            modes.dataPoint(gauge(live.mode().equals(mode) ? 1 : 0, Labels.of("mode", mode)));
        }
        all.metricSnapshot(modes.build());
        all.metricSnapshot(gauge("ebb_resident_bytes", "Resident memory of the process (RSS)", live.residentBytes()));
        all.metricSnapshot(counter("ebb_troubles", "Faults of Ebb's own since its start", bean.getCounts().getTroubles()));
        all.metricSnapshot(gauge("ebb_rollback_withdrawn", "1 since faults of Ebb's own have made it watch only, 0 else", live.withdrawn() ? 1 : 0));
    }

    private void held(MetricSnapshots.Builder all) {
        LedgerView totals = bean.getTotals();
        all.metricSnapshot(gauge("ebb_open_loads", "Loads under way: a thread or a task is inside", bean.getOpenLoads()));
        all.metricSnapshot(gauge("ebb_holding_loads", "Loads, ended or not, of which something is held", bean.getHoldingLoads()));
        all.metricSnapshot(gauge("ebb_held_files", "Open files of all loads", totals.getOpenFiles()));
        all.metricSnapshot(gauge("ebb_held_tracked", "Objects of tracked types of all loads", totals.getTracked()));
        all.metricSnapshot(gauge("ebb_records", "Resources that Ebb records one by one", live.records()));
        all.metricSnapshot(GaugeSnapshot.builder().name("ebb_held_bytes").help("Memory off the heap that loads have taken and not given back, by kind")
            .dataPoint(gauge(totals.getDirectBytes(), Labels.of("kind", "direct"))).dataPoint(gauge(totals.getMappedBytes(), Labels.of("kind", "mapped")))
            .dataPoint(gauge(totals.getForeignBytes(), Labels.of("kind", "foreign"))).dataPoint(gauge(totals.getUnsafeBytes(), Labels.of("kind", "unsafe"))).build());
    }

    private void counted(MetricSnapshots.Builder all) {
        Figures.Reading reading = figures.read();
        CounterSnapshot.Builder loads = CounterSnapshot.builder().name("ebb_loads").help("Loads that have ended, by outcome");
        for (Outcome outcome : Outcome.values()) {
            loads.dataPoint(counter(reading.outcomes()[outcome.ordinal()], Labels.of("outcome", outcome.text())));
        }
        all.metricSnapshot(loads.build());
        all.metricSnapshot(CounterSnapshot.builder().name("ebb_releases").help("Loads that the program has released by a method of ebb.release, by whether something was left")
            .dataPoint(counter(reading.releases() - reading.leaks(), Labels.of("leaked", "false"))).dataPoint(counter(reading.leaks(), Labels.of("leaked", "true"))).build());
        CounterSnapshot.Builder verdicts = CounterSnapshot.builder().name("ebb_verdicts").help("Verdicts about loads that ended badly, by where their bytes were");
        reading.verdicts().forEach((verdict, count) -> verdicts.dataPoint(counter(count, Labels.of("verdict", verdict))));
        all.metricSnapshot(verdicts.build());
        all.metricSnapshot(counter("ebb_purged_bytes", "By how much RSS fell in purges that Ebb made by itself", reading.purgedBytes()));
        all.metricSnapshot(counter("ebb_unexplained_bytes", "By how much RSS stayed up for no known reason after loads with the verdict unexplained", reading.unexplainedBytes()));
        all.metricSnapshot(summary("ebb_load_duration_seconds", "How long loads took", reading.load(), MICROS));
        all.metricSnapshot(summary("ebb_load_off_heap_bytes", "What loads held off the heap when they ended", reading.offHeap(), 1));
        all.metricSnapshot(summary("ebb_rollback_duration_seconds", "From the decision to the verdict", reading.rollback(), MICROS));
        all.metricSnapshot(summary("ebb_purge_duration_seconds", "How long purges of all allocators took that followed rollbacks and releases", reading.purge(), MICROS));
    }

    /** What one does not tell is left out. */
    private void allocators(MetricSnapshots.Builder all) {
        Purged account = live.allocators();
        GaugeSnapshot.Builder allocated = GaugeSnapshot.builder().name("ebb_allocator_allocated_bytes").help("What an allocator has handed out, by its place");
        GaugeSnapshot.Builder cached = GaugeSnapshot.builder().name("ebb_allocator_cached_bytes").help("What an allocator keeps of what was freed, by its place");
        for (int i = 0; i < account.allocators().size(); i++) {
            Purged.One one = account.allocators().get(i);
            // two of one name may be in a process; the first serves malloc
            Labels labels = Labels.of("allocator", one.name(), "place", Integer.toString(i));
            if (one.allocatedBytes() >= 0) {
                allocated.dataPoint(gauge(one.allocatedBytes(), labels));
            }
            if (one.cachedBytes() >= 0) {
                cached.dataPoint(gauge(one.cachedBytes(), labels));
            }
        }
        all.metricSnapshot(allocated.build());
        all.metricSnapshot(cached.build());
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder().name(name).help(help).dataPoint(gauge(value, Labels.EMPTY)).build();
    }

    private static CounterSnapshot counter(String name, String help, double value) {
        return CounterSnapshot.builder().name(name).help(help).dataPoint(counter(value, Labels.EMPTY)).build();
    }

    private static GaugeDataPointSnapshot gauge(double value, Labels labels) {
        return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
    }

    private static CounterDataPointSnapshot counter(double value, Labels labels) {
        return CounterDataPointSnapshot.builder().value(value).labels(labels).build();
    }

    private static SummarySnapshot summary(String name, String help, Distribution.Reading reading, double perUnit) {
        Quantiles.Builder quantiles = Quantiles.builder();
        for (int i = 0; i < QUANTILES.length && i < reading.percentiles().length; i++) {
            quantiles.quantile(new Quantile(QUANTILES[i], reading.percentiles()[i] / perUnit));
        }
        SummaryDataPointSnapshot point = SummaryDataPointSnapshot.builder().quantiles(quantiles.build()).count(reading.count()).sum(reading.sum() / perUnit).build();
        return SummarySnapshot.builder().name(name).help(help).dataPoint(point).build();
    }
}
