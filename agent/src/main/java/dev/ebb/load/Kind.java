package dev.ebb.load;

/** Numbers of what woven code tells the recorder through the bridge, which knows JDK types only. The arguments of each are given as (a, b, x, y). */
public final class Kind {
    /** (-, -, base address, capacity in bytes) */
    public static final int DIRECT_ACQUIRED = 1;
    /** (-, -, base address, -) */
    public static final int DIRECT_RELEASED = 2;
    /** NIO is about to allocate a buffer that it keeps for the thread: the next direct buffer of this thread is not the load's. */
    public static final int DIRECT_FOR_NIO = 3;
    /** (-, -, address, capacity in bytes) */
    public static final int MAPPING_ACQUIRED = 4;
    /** (-, -, address, -) */
    public static final int MAPPING_RELEASED = 5;
    /** (-, -, address or 0, size in bytes) */
    public static final int UNSAFE_ACQUIRED = 9;
    /** (-, -, address or 0, -) */
    public static final int UNSAFE_RELEASED = 16;
    /** (-, -, address or 0, -): about to be reallocated */
    public static final int UNSAFE_REALLOCATING = 60;
    /** (-, -, new address, or 0, size in bytes): the reallocation has succeeded */
    public static final int UNSAFE_REALLOCATED = 61;
    /** the reallocation has thrown: the block is as it was */
    public static final int UNSAFE_NOT_REALLOCATED = 62;
    /** (memory session, -, -, -) */
    public static final int ARENA_OPENED = 6;
    /** (memory session, -, -, -) */
    public static final int ARENA_CLOSED = 7;
    /** (memory session, -, size in bytes, -) */
    public static final int SEGMENT_ACQUIRED = 8;
    /** (-, -, address, bytes): a segment of the foreign memory that JDK 17 incubates */
    public static final int INCUBATING_ACQUIRED = 64;
    /** (-, -, address, -) */
    public static final int INCUBATING_RELEASED = 65;

    /** (stream, random access file or channel, path as String, -, -); a channel got from a stream has its parent in b instead and is not counted again */
    public static final int FILE_OPENED = 10;
    /** (stream, random access file or channel, its parent or null, -, -) */
    public static final int CHANNEL_OPENED = 11;
    /** (stream, random access file or channel, -, -, -) */
    public static final int FILE_CLOSED = 12;
    /** (path as String, File or Path; open options or null; 1 if it is opened to be read only, -): about to be opened for writing, copied to, or made */
    public static final int FILE_CREATING = 13;
    /** (path as String, File or Path; -, -, -): the call that FILE_CREATING announced has succeeded */
    public static final int FILE_CREATED = 14;
    /** (path as File or Path, -, -, -): a call that deletes has returned */
    public static final int FILE_DELETED = 17;
    /** (path as File, -, -, -): made by a call that makes a new file always */
    public static final int FILE_MADE = 18;
    /** (source path, target path, -, -) */
    public static final int FILE_MOVED = 15;
    /** (path of the new name, path of the file, -, -): another name is about to be made */
    public static final int FILE_LINKING = 19;
    /** (asynchronous channel or directory stream, path or null, -, -): what no garbage collection closes */
    public static final int OPENED_FOR_GOOD = 49;
    /** (directory stream, the one inside it, -, -): the outer one is to be closed instead of the inner one */
    public static final int DIRECTORY_OPENED = 54;

    /** (thread, -, -, -) */
    public static final int THREAD_STARTING = 20;
    /** (thread, -, -, -): its start has thrown */
    public static final int THREAD_NOT_STARTED = 55;
    /** (thread, -, -, -), on that thread */
    public static final int THREAD_ENDING = 21;
    /** (executor, -, -, -) */
    public static final int POOL_CREATED = 22;
    /** (executor, -, -, -): this thread is about to start a worker of it */
    public static final int WORKER_STARTING = 23;
    public static final int WORKER_STARTED = 24;

    /** (task, -, -, -): handed over as it is: to a thread pool by {@code execute}, to a timer, to a ForkJoinPool */
    public static final int TASK_SUBMITTED = 25;
    /** (task, -, -, -): a thread is about to run what may have been handed over as it is */
    public static final int RAW_ENTERED = 26;
    /** a thread of a pool or a timer has run what it ran last */
    public static final int RAW_LEFT = 27;
    /** (task, -, -, -): a thread has run it */
    public static final int FORK_LEFT = 28;
    /** (task, -, whether it was, -): taken back before it ran */
    public static final int TASK_WITHDRAWN = 29;
    /** (list or array of tasks, some of them null; -, -, -): all of them taken back before they ran */
    public static final int TASKS_WITHDRAWN = 33;
    /** (task, pool, -, -): the pool had no room for it, and its handler has returned */
    public static final int TASK_REJECTED = 34;
    /** (task, pool, -, -): the pool had no room for it, and its handler has thrown */
    public static final int TASK_REFUSED = 35;
    /** (object, -, -, -): this thread is about to run what others left for whoever comes by; the object tells the matching HELPED */
    public static final int HELPING = 36;
    public static final int HELPED = 37;
    /** A Callable goes into a FutureTask. */
    public static final int WRAP_CALLABLE = 30;
    /** A Runnable goes into a FutureTask or an asynchronous CompletableFuture. */
    public static final int WRAP_RUNNABLE = 31;
    /** A Supplier goes into an asynchronous CompletableFuture. */
    public static final int WRAP_SUPPLIER = 32;
    /** A function goes into a Completion, to be run when a CompletableFuture is completed. */
    public static final int WRAP_STAGE = 38;
    /** The same for a BiFunction. */
    public static final int WRAP_PAIR_STAGE = 39;

    /** (future, what stands in it or null, -, -): this thread begins to compute it */
    public static final int TASK_ENTERED = 40;
    /** (future, -, -, -): the same, where the thread goes on with what it works for */
    public static final int CARRIER_ENTERED = 56;
    /** this thread has computed the future that it entered last */
    public static final int TASK_LEFT = 41;
    /** (future, -, -, -): a timed get on it ended in a TimeoutException */
    public static final int GET_TIMED_OUT = 42;
    /** (future, -, -, -): its own time limit (orTimeout) has passed */
    public static final int FUTURE_TIMED_OUT = 43;
    /** (future, -, whether it took effect, -) */
    public static final int FUTURE_CANCELLED = 44;
    /** (future, -, -, -): somebody has taken its result */
    public static final int FUTURE_READ = 45;
    /** this thread has computed the value of the future that it entered last, and is about to complete it */
    public static final int FUTURE_COMPLETING = 55;
    /** (-, what stands in it, -, -): a future is about to be cancelled, by this thread */
    public static final int FUTURE_CANCELLING = 46;
    /** (scope, -, -, -): it gives up on those of its subtasks that are not done */
    public static final int SCOPE_CANCELLED = 47;
    /** this thread is told that the time of the scope is over that it has waited for */
    public static final int SCOPE_TIMED_OUT = 48;

    /** (object, -, -, -): an object of a tracked type was constructed, or one of its constructors has run */
    public static final int TRACKED_CONSTRUCTED = 51;
    /** (object, -, -, -): a tracked object, or the result of a load, is being closed */
    public static final int CLOSED = 52;

    /** (the first object that the lambda has captured, or null, -, -, -): the body of a lambda of a kind that loads have returned is run */
    public static final int LAMBDA_RUN = 53;

    /** (future, -, -, -): a FutureTask was constructed */
    public static final int FUTURE_MADE = 95;
    /** (thread, -, -, -): is about to be interrupted by the calling thread */
    public static final int THREAD_INTERRUPTED = 90;
    /** (channel, -, -, -): the calling thread is about to do something in it that an interrupt would end, and the channel with it */
    public static final int CHANNEL_BEGUN = 91;
    /** (channel, -, -, -) */
    public static final int CHANNEL_ENDED = 92;
    /** The calling thread is about to map a file. */
    public static final int MAPPING_BEGUN = 93;
    public static final int MAPPING_ENDED = 94;

    /** (MBean server, -, -, -): the platform's, on its way to whoever has asked for it */
    public static final int MANAGEMENT_ASKED = 63;

    private Kind() { }
}
