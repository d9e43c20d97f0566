package fleet;

import java.util.List;
import java.util.Locale;

/** The table of both runs, and what follows from it. */
final class Report {
    private Report() { }

    static String of(List<Outcome> runs) {
        StringBuilder text = new StringBuilder();
        line(text, "| worker | Ebb | RSS before | peak | at the end | loads | timed out | failed otherwise | has its segment | queries answered | wrong | slowest ms | lookups answered | wrong |");
        line(text, "|---|---|--:|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|");
        for (Outcome run : runs) {
            for (Outcome.WorkerOutcome worker : run.workers()) {
                line(text, String.format(Locale.ROOT, "| %s%s | %s | %d | %d | %d | %d | %d | %d | %s | %d | %d | %d | %d | %d |", worker.name(), worker.name().equals(run.failedWorker()) ? " (slow store)" : "",
                    run.ebb() ? "with" : "without", mebibytes(worker.before()), mebibytes(worker.peak()), mebibytes(worker.after()), worker.loads(), worker.timeouts(), worker.failures(),
                    worker.serves() ? "yes" : "no", worker.queries().answered(), worker.queries().failed(), worker.queries().slowestMillis(), worker.lookups().answered(), worker.lookups().failed()));
            }
        }
        line(text, "");
        line(text, "RSS in MiB; loads are attempts of Flink's; queries are answered out of keyed RocksDB state, lookups out of segments.");
        line(text, "");
        line(text, "| | next load after the timeout | after the store was fast again | query tasks started again | checkpoints completed | failed | workers lost |");
        line(text, "|---|--:|--:|--:|--:|--:|---|");
        for (Outcome run : runs) {
            line(text, String.format(Locale.ROOT, "| %s | %s | %s | %d | %d | %d | %s |", run.ebb() ? "with Ebb" : "without Ebb", seconds(run.nextLoadMillis()), seconds(run.sinceFastMillis()),
                run.queryRestarts(), run.checkpointsCompleted(), run.checkpointsFailed(), run.workersLost() ? "yes" : "none"));
        }
        line(text, "");
        for (Outcome run : runs) {
            run.lastFailures().forEach(failure -> line(text, (run.ebb() ? "with Ebb: " : "without Ebb: ") + failure));
            run.view().forEach(seen -> line(text, seen));
            if (!run.verdicts().isEmpty()) {
                run.verdicts().forEach(verdict -> line(text, "Ebb on " + run.failedWorker() + ": " + verdict));
            }
        }
        runs.forEach(run -> line(text, verdict(run)));
        return text.toString();
    }

    /** A worker whose load failed has given back what the load took if it stands where a worker does that loaded at once. */
    private static String verdict(Outcome run) {
        Outcome.WorkerOutcome failed = run.failed();
        long others = (long) run.others().stream().mapToLong(worker -> worker.after() - worker.before()).average().orElseThrow();
        return String.format(Locale.ROOT, "VERDICT %s: %s %s; its RSS grew by %d MiB, that of the others by %d; the others, the coordinator and the queries %s.", run.ebb() ? "with Ebb" : "without Ebb",
            failed.name(), failed.serves() ? "serves its segment " + seconds(run.nextLoadMillis()) + " after the timeout" : "never got its segment", mebibytes(failed.after() - failed.before()),
            mebibytes(others), run.othersNoticedNothing() ? "noticed nothing" : "NOTICED something");
    }

    private static long mebibytes(long bytes) {
        return Math.round(bytes / 1048576.0);
    }

    private static String seconds(long millis) {
        return millis < 0 ? "never" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
