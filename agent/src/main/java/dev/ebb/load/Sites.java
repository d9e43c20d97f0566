package dev.ebb.load;

/** The watched methods by number; grows as classes are woven, and never shrinks. Safe to read from any thread. */
public final class Sites {
    private volatile Site[] sites = new Site[0];

    /** @return the number under which woven code will name it */
    public synchronized int add(String method, String label, boolean needsArguments, CloseMethod close, long deadlineNanos) {
        Site[] more = new Site[sites.length + 1];
        System.arraycopy(sites, 0, more, 0, sites.length);
        more[sites.length] = new Site(sites.length, method, label, needsArguments, close, deadlineNanos);
        sites = more;
        return more.length - 1;
    }

    public Site get(int id) {
        return sites[id];
    }
}
