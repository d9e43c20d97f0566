package dev.ebb.report;

import dev.ebb.load.HolderSearch;
import dev.ebb.load.HolderSearch.Found;
import dev.ebb.load.Ledger;
import dev.ebb.load.Live;
import dev.ebb.load.Load;
import dev.ebb.load.Purged;
import dev.ebb.load.Resource;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The MBean. Its answers are made on the thread that asks; no lock is held for it longer than a few instructions. */
public final class EbbBean implements EbbMXBean {
    private static final String NAME = "dev.ebb:type=Ebb";
    private static final int LEDGERS = 1_000;
    private static final int LARGEST = 5;
    private static final int THREADS = 16;

    private final Live live;

    EbbBean(Live live) {
        this.live = live;
    }

    /**
     * @param server an MBean server
     * @throws IllegalStateException if the server refuses
     */
    public static void register(Object server, Live live) {
        try {
            ((MBeanServer) server).registerMBean(new EbbBean(live), new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException("the MBean server refused " + NAME, e);
        }
    }

    /** @param server where it was registered */
    public static void unregister(Object server) {
        try {
            ((MBeanServer) server).unregisterMBean(new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException("the MBean server keeps " + NAME, e);
        }
    }

    /** Asks for the platform's MBean server, which makes it if there is none: the bean is registered as whoever asks gets it. */
    public static void askForServer() {
        ManagementFactory.getPlatformMBeanServer();
    }

    @Override
    public String getVersion() {
        return live.version();
    }

    @Override
    public String getMode() {
        return live.mode();
    }

    @Override
    public void setMode(String mode) {
        live.mode(mode);
    }

    @Override
    public int getOpenLoads() {
        int open = 0;
        for (Load load : live.loads()) {
            open += load.quiet() ? 0 : 1;
        }
        return open;
    }

    @Override
    public int getHoldingLoads() {
        int holding = 0;
        for (LedgerFigures ledger : all()) {
            holding += ledger.isEmpty() ? 0 : 1;
        }
        return holding;
    }

    @Override
    public long getRecords() {
        return live.records();
    }

    @Override
    public CountsView getCounts() {
        return new Counts(live);
    }

    @Override
    public LedgerView getTotals() {
        LedgerFigures totals = new LedgerFigures();
        all().forEach(totals::add);
        return totals;
    }

    @Override
    public List<LedgerView> getLedgers() {
        List<LedgerFigures> all = all();
        all.removeIf(ledger -> ledger.isEmpty() && !ledger.getState().equals("open"));
        all.sort(Comparator.comparingLong(LedgerFigures::offHeapBytes).reversed());
        return new ArrayList<>(all.subList(0, Math.min(LEDGERS, all.size())));
    }

    private List<LedgerFigures> all() {
        List<LedgerFigures> all = new ArrayList<>();
        for (Ledger ledger : ledgers()) {
            all.add(new LedgerFigures(ledger));
        }
        return all;
    }

    private List<Ledger> ledgers() {
        // one may have been decided since the loads were listed
        Set<Ledger> ledgers = new LinkedHashSet<>();
        for (Load load : live.loads()) {
            ledgers.add(load.ledger());
        }
        ledgers.addAll(live.accounts());
        return new ArrayList<>(ledgers);
    }

    @Override
    public String ledger(String label) {
        StringBuilder text = new StringBuilder();
        for (Ledger ledger : ledgers()) {
            if (ledger.label().equals(label)) {
                text.append(text.length() == 0 ? "" : "\n").append(new LedgerFigures(ledger).getText());
            }
        }
        return text.length() == 0 ? label + ": nothing" : text.toString();
    }

    @Override
    public String purge() {
        Purged purged = live.purge();
        return purged.allocator() + ", " + purged.way() + ": " + TextFormat.mebibytes(purged.returnedBytes()) + " returned in "
            + TimeUnit.NANOSECONDS.toMillis(purged.nanos()) + " ms" + (purged.note().isEmpty() ? "" : "; " + purged.note());
    }

    @Override
    public String holders(long load) {
        Found found = search(load).holdersOf(load);
        StringBuilder text = new StringBuilder();
        found.paths().forEach(path -> text.append(path).append('\n'));
        return text.append(found.paths().isEmpty() ? "no path found; " : "").append(found.passes()).append(" passes stopped the JVM for ")
            .append(TimeUnit.NANOSECONDS.toMillis(found.stoppedNanos())).append(" ms, ").append(TimeUnit.NANOSECONDS.toMillis(found.longestPauseNanos())).append(" ms at most at once")
            .append(found.note().isEmpty() ? "" : "; ").append(found.note()).toString();
    }

    /** @throws IllegalArgumentException if no load can have left anything so far */
    HolderSearch search(long load) {
        HolderSearch search = live.holders();
        if (search == null) {
            throw new IllegalArgumentException("nothing of load " + load + " is known to be left in reach");
        }
        return search;
    }

    @Override
    public String dump() {
        StringBuilder text = new StringBuilder("Ebb ").append(live.version()).append(", mode ").append(live.mode()).append(", ").append(live.records())
            .append(" resources recorded\n");
        text.append(((LedgerFigures) getTotals()).getText()).append('\n');
        List<Ledger> ledgers = ledgers();
        for (int i = 0; i < ledgers.size() && i < LEDGERS; i++) {
            describe(ledgers.get(i), text);
        }
        return ledgers.size() > LEDGERS ? text.append("and ").append(ledgers.size() - LEDGERS).append(" more loads\n").toString() : text.toString();
    }

    private static void describe(Ledger ledger, StringBuilder text) {
        LedgerFigures figures = new LedgerFigures(ledger);
        text.append("load ").append(figures.getLoad()).append(' ').append(figures.getMethod()).append(' ').append(figures.getState()).append(", ")
            .append(figures.getText()).append('\n');
        Load load = ledger.load();
        if (load != null) {
            for (Thread thread : load.inside()) {
                text.append("  inside: ").append(thread.getName()).append(' ').append(thread.getState()).append('\n');
            }
            for (String thread : load.threads().describe(THREADS)) {
                text.append("  thread: ").append(thread).append('\n');
            }
        }
        List<Resource> held = ledger.live();
        held.removeIf(resource -> resource.takenAt() == null);
        held.sort(Comparator.comparingLong(Resource::bytes).reversed());
        for (int i = 0; i < held.size() && i < LARGEST; i++) {
            text.append("  ").append(held.get(i).kind()).append(' ').append(held.get(i).bytes()).append(" bytes taken at ").append(held.get(i).takenAt()).append('\n');
        }
    }
}
