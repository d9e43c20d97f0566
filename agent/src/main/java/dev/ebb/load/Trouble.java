package dev.ebb.load;

/** The one seam for whatever goes wrong inside Ebb. Callable from any thread, with any lock held; never throws, never logs by itself. */
public interface Trouble {
    /**
     * @param where a short fixed name of the place, as {@code weave} or {@code rollback.close}; the key under which troubles are counted together with the kind of the cause
     * @param remedy what the user can do, or null
     */
    void report(String where, Throwable cause, String remedy);
}
