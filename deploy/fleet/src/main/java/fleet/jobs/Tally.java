package fleet.jobs;

/** Counts the queries of one task and writes a line each second: answered, wrong or failed, and how long the slowest took. Used by one thread. */
final class Tally {
    private static final long SECOND = 1000;

    private final Journal journal;
    private final String job;
    private long began;
    private long answered;
    private long failed;
    private long slowestMillis;

    Tally(Journal journal, String job) {
        this.journal = journal;
        this.job = job;
        began = System.currentTimeMillis();
    }

    /** @param millis how long the query took, 0 or more */
    void count(boolean right, long millis) {
        answered += right ? 1 : 0;
        failed += right ? 0 : 1;
        slowestMillis = Math.max(slowestMillis, millis);
        if (System.currentTimeMillis() - began >= SECOND) {
            write();
        }
    }

    /** To be called at the end, too: the last second counts. */
    void write() {
        journal.add(job + " " + answered + " " + failed + " " + slowestMillis);
        began = System.currentTimeMillis();
        answered = 0;
        failed = 0;
        slowestMillis = 0;
    }
}
