package dev.ebb.load;

import java.util.List;
import java.util.Set;

/** What the worker asks of the recorder. Called by the worker alone; blocks nobody. */
public interface LoadRegistry {
    /** All loads whose end is not decided; weakly consistent. */
    Set<Load> undecided();

    /** Nothing more needs to be heard of this load, its resources aside. */
    void decided(Load load);

    /** The ledgers of loads that were decided and still hold something. */
    Accounts accounts();

    /**
     * The threads of the load are to end.
     *
     * @param message of the {@link LoadAbandonedError} that they get at their next checkpoint; null if they are to get none
     */
    void stop(Load load, String message);

    /** The threads of the load may go on. */
    void takeBackStop(Load load);

    /** Why a thread that works for the load, and is held, has to be left alone where it stands; null if it may be interrupted or stopped there. */
    String refusal(Load load, Thread thread);

    /**
     * Decides a load that has succeeded, on the thread that it ended on, because the worker does not get to it.
     *
     * @return false if that cannot be done here: something of it has to be proven
     */
    boolean passOver(Load load);

    /**
     * Cancels tasks that the load has put into futures of the JDK's and that have not begun, unless somebody outside the load waits for them.
     *
     * @param acts false to count them only
     */
    int cancelWaiting(Load load, boolean acts);

    /** Has idle threads of thread pools that the load has made end. @param acts false to say only which; @return the pools, described */
    List<String> sendIdleHome(Load load, boolean acts);

    /** Whether somebody waits now for a future that carries the load. */
    boolean isWaitedOn(Load load);

    /**
     * Whether somebody may still get at the result of a load without having given up on it: waits for one of its futures or for one downstream, or has asked
     * to be called back. True also of a future that is not the JDK's own, since nobody can tell.
     */
    boolean isWanted(Load load);

    /** Nothing is to be proven of this resource any more: from now on Ebb does not keep its object. Its release is heard as before. */
    void letGo(ObjectResource resource);

    /** Notices what goes without a hook: dropped tasks, collected objects. */
    void reap();

    /** Looks at the threads that are inside loads, if it is time to; to be called every few milliseconds while a load is open. */
    void sampleThreads();

    /** Notices threads whose end was not heard of, and lets go of accounts that hold nothing any more; to be called about once a second. */
    void reapThreads();

    /** What the calling thread takes from now on is Ebb's own. */
    void ignoreThisThread();

    /** What the calling thread has taken from malloc, less what it gave back, since the last such call is the load's; null for nobody's. */
    void charge(Load load);
}
