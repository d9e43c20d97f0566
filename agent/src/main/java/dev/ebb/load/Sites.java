package dev.ebb.load;

/** The watched methods by number; grows as classes are woven, and never shrinks. Safe to read from any thread. */
public final class Sites {
    private volatile boolean releases;
    private volatile Site[] sites = new Site[0];

    /** @param releases whether there may be methods that release */
    public Sites(boolean releases) {
        this.releases = releases;
    }

    /** A method that loads. @return the number under which woven code will name it */
    public synchronized int add(String method, String label, boolean needsArguments, CloseMethod close, long deadlineNanos) {
        return add(new Site(sites.length, method, label, needsArguments, close, deadlineNanos, false));
    }

    /** A method that releases what was loaded. @return the number under which woven code will name it */
    public synchronized int addRelease(String method, String label) {
        return add(new Site(sites.length, method, label, true, null, 0, true));
    }

    private int add(Site site) {
        Site[] more = new Site[sites.length + 1];
        System.arraycopy(sites, 0, more, 0, sites.length);
        more[sites.length] = site;
        sites = more;
        return site.id();
    }

    public Site get(int id) {
        return sites[id];
    }

    /** From now on there may be methods that release. */
    public void expectReleases() {
        releases = true;
    }

    /** Whether methods that release are watched, of classes that may still have to load. */
    public boolean watchReleases() {
        return releases;
    }
}
