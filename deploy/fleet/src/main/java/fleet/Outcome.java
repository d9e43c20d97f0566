package fleet;

import java.util.List;

/**
 * What one run has shown.
 *
 * @param failedWorker whose store was slow
 * @param nextLoadMillis from the first timeout to the next load that succeeded; -1 if none did
 * @param sinceFastMillis the same from the moment when the store was fast again
 * @param orphansOver whether the loads that had timed out had come to their end when memory was read last
 * @param verdicts of the agent, of the loads that timed out; empty without it
 * @param lastFailures of attempts to load that failed otherwise than by their limit of time
 * @param view what Prometheus saw, in lines; empty without Ebb
 * @param workersLost whether the coordinator ever had fewer workers than there are
 */
record Outcome(boolean ebb, String failedWorker, List<WorkerOutcome> workers, long nextLoadMillis, long sinceFastMillis, boolean orphansOver, List<String> verdicts, boolean workersLost,
               long queryRestarts, long checkpointsCompleted, long checkpointsFailed, List<String> lastFailures, List<String> view) {

    /**
     * Memory in bytes of RSS: before the segments came, the highest, and at the end.
     *
     * @param serves whether it has its segment at the end
     */
    record WorkerOutcome(String name, long before, long peak, long after, int loads, int timeouts, int failures, boolean serves, Journals.Queries queries, Journals.Queries lookups) { }

    WorkerOutcome failed() {
        return workers.stream().filter(worker -> worker.name().equals(failedWorker)).findFirst().orElseThrow();
    }

    List<WorkerOutcome> others() {
        return workers.stream().filter(worker -> !worker.name().equals(failedWorker)).toList();
    }

    /** What only the failed load's own worker may have noticed. */
    boolean othersNoticedNothing() {
        boolean queriesWell = workers.stream().allMatch(worker -> worker.queries().failed() == 0 && worker.queries().answered() > 0);
        boolean lookupsWell = others().stream().allMatch(worker -> worker.loads() == 1 && worker.failures() == 0 && worker.serves() && worker.lookups().failed() == 0 && worker.lookups().answered() > 0);
        return queriesWell && lookupsWell && !workersLost && queryRestarts == 0 && checkpointsFailed == 0;
    }
}
