package dev.ebb.weave;

import dev.ebb.load.Kind;
import dev.ebb.weave.Hook.At;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The hook points in the JDK: each was seen to be reached once a call, compiled or not, on JDK 17 and 25. Operands are written as
 * {@code this}, {@code 1} (local variable 1, an object), {@code 1:J} and {@code 1:I} (a long, an int), {@code .field:descriptor} (a field of this),
 * {@code result:Z} and {@code result:J} (what is about to be returned, as x), {@code top} (the object that is about to be returned or called) and {@code -} (nothing).
 */
final class HookTable {
    private static final String ASYNC = "java/util/concurrent/CompletableFuture$Async";
    private static final String CF = "java/util/concurrent/CompletableFuture";
    private static final String SESSION = "jdk/internal/foreign/MemorySessionImpl";
    private static final String PROVIDER = "sun/nio/fs/UnixFileSystemProvider";
    private static final String ATTRIBUTES = "[Ljava/nio/file/attribute/FileAttribute;";
    private static final String CONTAINER = "(Ljdk/internal/vm/ThreadContainer;)V";

    private final List<Hook> rows = new ArrayList<>();
    private final Map<String, List<Hook>> byOwner = new HashMap<>();
    private final Set<String> binaryNames = new HashSet<>();

    /** @param jdk feature version of the running JDK */
    HookTable(int jdk) {
        // first of all: where a checkpoint throws, nothing may have been noted yet
        checkpoints(jdk);
        memory(jdk);
        optional("seen", "java/lang/management/ManagementFactory", "getPlatformMBeanServer", "()Ljavax/management/MBeanServer;", At.RETURN, Kind.MANAGEMENT_ASKED, "top");
        files(jdk);
        threads(jdk);
        tasks();
        forkJoin(jdk);
        futures(jdk);
        for (int i = 0; i < rows.size(); i++) {
            Hook row = rows.get(i);
            List<Hook> sameOwner = byOwner.get(row.owner());
            if (sameOwner == null) {
                sameOwner = new ArrayList<>(4);
                byOwner.put(row.owner(), sameOwner);
                binaryNames.add(row.owner().replace('/', '.'));
            }
            sameOwner.add(row);
        }
    }

    List<Hook> rows() {
        return rows;
    }

    /** @param binaryName of a loaded class, of which there are thousands */
    boolean concerns(String binaryName) {
        return binaryNames.contains(binaryName);
    }

    /** The rows of one class, or null. */
    List<Hook> of(String owner) {
        return byOwner.get(owner);
    }

    /** Where a thread is about to take something, and may throw without harm: nothing is held there yet, and the callers expect it to fail. */
    private void checkpoints(int jdk) {
        check("java/nio/Bits", "reserveMemory", "(JJ)V");
        check("sun/nio/ch/FileChannelImpl", "mapInternal", "(Ljava/nio/channels/FileChannel$MapMode;JJIZ)Lsun/nio/ch/FileChannelImpl$Unmapper;");
        check("sun/misc/Unsafe", "allocateMemory", "(J)J");
        check("java/io/FileInputStream", "open", "(Ljava/lang/String;)V");
        check("java/io/FileOutputStream", "open", "(Ljava/lang/String;Z)V");
        check("java/io/RandomAccessFile", "open", "(Ljava/lang/String;I)V");
        String[] provided = {"newFileChannel", "newByteChannel", "newAsynchronousFileChannel", "copy"};
        for (int i = 0; i < provided.length; i++) {
            check(PROVIDER, provided[i], null);
        }
        if (jdk >= 22) {
            check("jdk/internal/foreign/SegmentFactories", "allocateNativeSegment", null);
        }
    }

    private void memory(int jdk) {
        taken("java/nio/DirectByteBuffer$Deallocator", "<init>", "(JJI)V", At.RETURN, Kind.DIRECT_ACQUIRED, "-", "-", "1:J", "5:I");
        seen("java/nio/DirectByteBuffer$Deallocator", "run", "()V", At.ENTRY, Kind.DIRECT_RELEASED, "-", "-", ".address:J", "-");
        // from JDK 24 on NIO takes its own buffers from Unsafe, so that they do not come by here
        optional("taken", "sun/nio/ch/Util", "getTemporaryDirectBuffer", "(I)Ljava/nio/ByteBuffer;", At.ALLOCATE_DIRECT, Kind.DIRECT_FOR_NIO);
        optional("taken", "sun/nio/ch/Util", "getTemporaryAlignedDirectBuffer", "(II)Ljava/nio/ByteBuffer;", At.ALLOCATE_DIRECT, Kind.DIRECT_FOR_NIO);
        String unmapper = "sun/nio/ch/FileChannelImpl$Unmapper";
        taken(unmapper, "<init>", "(JJJLjava/io/FileDescriptor;I)V", At.RETURN, Kind.MAPPING_ACQUIRED, "-", "-", "1:J", "5:J");
        seen(unmapper, "unmap", "()V", At.ENTRY, Kind.MAPPING_RELEASED, "-", "-", ".address:J", "-");
        String unsafe = "sun/misc/Unsafe";
        taken(unsafe, "allocateMemory", "(J)J", At.RETURN, Kind.UNSAFE_ACQUIRED, "-", "-", "result:J", "1:J");
        seen(unsafe, "reallocateMemory", "(JJ)J", At.ENTRY, Kind.UNSAFE_REALLOCATING, "-", "-", "1:J", "-");
        seen(unsafe, "reallocateMemory", "(JJ)J", At.RETURN, Kind.UNSAFE_REALLOCATED, "-", "-", "result:J", "3:J");
        seen(unsafe, "reallocateMemory", "(JJ)J", At.THROW, Kind.UNSAFE_NOT_REALLOCATED);
        seen(unsafe, "freeMemory", "(J)V", At.ENTRY, Kind.UNSAFE_RELEASED, "-", "-", "1:J", "-");
        if (jdk == 17) {
            // jdk.incubator.foreign; a segment is known by the action that frees it, and its mappings come by as all others do
            String cleanup = "jdk/internal/foreign/NativeMemorySegmentImpl$1";
            optional("taken", cleanup, "<init>", "(JJJ)V", At.RETURN, Kind.INCUBATING_ACQUIRED, "-", "-", "1:J", "5:J");
            optional("seen", cleanup, "cleanup", "()V", At.ENTRY, Kind.INCUBATING_RELEASED, "-", "-", ".val$buf:J", "-");
        }
        if (jdk >= 22) {
            taken("jdk/internal/foreign/ConfinedSession", "<init>", "(Ljava/lang/Thread;)V", At.RETURN, Kind.ARENA_OPENED, "this");
            taken("jdk/internal/foreign/SharedSession", "<init>", "()V", At.RETURN, Kind.ARENA_OPENED, "this");
            seen(SESSION, "close", "()V", At.RETURN, Kind.ARENA_CLOSED, "this");
            taken("jdk/internal/foreign/SegmentFactories", "allocateNativeSegment", "(JJL" + SESSION + ";ZZ)Ljdk/internal/foreign/NativeMemorySegmentImpl;",
                At.RETURN, Kind.SEGMENT_ACQUIRED, "4", "-", "0:J", "-");
        }
    }

    private void files(int jdk) {
        String stream = "java/io/FileOutputStream";
        taken("java/io/FileInputStream", "open", "(Ljava/lang/String;)V", At.RETURN, Kind.FILE_OPENED, "this", "1");
        taken(stream, "open", "(Ljava/lang/String;Z)V", At.ENTRY, Kind.FILE_CREATING, "1");
        taken(stream, "open", "(Ljava/lang/String;Z)V", At.RETURN, Kind.FILE_CREATED, "1");
        taken(stream, "open", "(Ljava/lang/String;Z)V", At.RETURN, Kind.FILE_OPENED, "this", "1");
        // the lowest bit of the mode says that it is read only
        taken("java/io/RandomAccessFile", "open", "(Ljava/lang/String;I)V", At.ENTRY, Kind.FILE_CREATING, "1", "-", "2:I", "-");
        taken("java/io/RandomAccessFile", "open", "(Ljava/lang/String;I)V", At.RETURN, Kind.FILE_CREATED, "1");
        taken("java/io/RandomAccessFile", "open", "(Ljava/lang/String;I)V", At.RETURN, Kind.FILE_OPENED, "this", "1");
        seen("java/io/FileInputStream", "close", "()V", At.ENTRY, Kind.FILE_CLOSED, "this");
        seen(stream, "close", "()V", At.ENTRY, Kind.FILE_CLOSED, "this");
        seen("java/io/RandomAccessFile", "close", "()V", At.ENTRY, Kind.FILE_CLOSED, "this");
        String channel = "sun/nio/ch/FileChannelImpl";
        if (jdk >= 24) {
            taken(channel, "<init>", "(Ljava/io/FileDescriptor;Ljava/lang/String;ZZZZLjava/io/Closeable;)V", At.RETURN, Kind.CHANNEL_OPENED, "this", "7");
        } else if (jdk >= 21) {
            optional("taken", channel, "<init>", "(Ljava/io/FileDescriptor;Ljava/lang/String;ZZZLjava/io/Closeable;)V", At.RETURN, Kind.CHANNEL_OPENED, "this", "6");
        }
        if (jdk < 24) {
            optional("taken", channel, "<init>", "(Ljava/io/FileDescriptor;Ljava/lang/String;ZZZLjava/lang/Object;)V", At.RETURN, Kind.CHANNEL_OPENED, "this", "6");
        }
        seen(channel, "implCloseChannel", "()V", At.ENTRY, Kind.FILE_CLOSED, "this");
        String asynchronous = "sun/nio/ch/SimpleAsynchronousFileChannelImpl";
        String rest = "ZZLjava/util/concurrent/ExecutorService;)V";
        optional("taken", asynchronous, "<init>", "(Ljava/io/FileDescriptor;" + rest, At.RETURN, Kind.OPENED_FOR_GOOD, "this");
        optional("taken", asynchronous, "<init>", "(Ljava/io/FileDescriptor;Ljava/lang/String;" + rest, At.RETURN, Kind.OPENED_FOR_GOOD, "this", "2");
        seen(asynchronous, "close", "()V", At.ENTRY, Kind.FILE_CLOSED, "this");
        String directory = "sun/nio/fs/UnixDirectoryStream";
        taken(directory, "<init>", "(Lsun/nio/fs/UnixPath;JLjava/nio/file/DirectoryStream$Filter;)V", At.RETURN, Kind.OPENED_FOR_GOOD, "this", "1");
        seen(directory, "closeImpl", "()Z", At.ENTRY, Kind.FILE_CLOSED, "this");
        // it has a descriptor of its own, and one of these inside
        String secure = "sun/nio/fs/UnixSecureDirectoryStream";
        taken(secure, "<init>", "(Lsun/nio/fs/UnixPath;JILjava/nio/file/DirectoryStream$Filter;)V", At.RETURN, Kind.DIRECTORY_OPENED, "this", ".ds:L" + directory + ';');
        seen(secure, "close", "()V", At.ENTRY, Kind.FILE_CLOSED, "this");
        String file = "java/io/File";
        taken(file, "createNewFile", "()Z", At.ENTRY, Kind.FILE_CREATING, "this");
        taken(file, "createNewFile", "()Z", At.RETURN, Kind.FILE_CREATED, "this");
        taken(file, "createTempFile", "(Ljava/lang/String;Ljava/lang/String;Ljava/io/File;)Ljava/io/File;", At.RETURN, Kind.FILE_MADE, "top");
        seen(file, "delete", "()Z", At.RETURN, Kind.FILE_DELETED, "this");
        seen(PROVIDER, "implDelete", "(Ljava/nio/file/Path;Z)Z", At.RETURN, Kind.FILE_DELETED, "1");
        taken(file, "mkdir", "()Z", At.ENTRY, Kind.FILE_CREATING, "this");
        taken(file, "mkdir", "()Z", At.RETURN, Kind.FILE_CREATED, "this");
        taken(file, "renameTo", "(Ljava/io/File;)Z", At.ENTRY, Kind.FILE_CREATING, "1");
        seen(file, "renameTo", "(Ljava/io/File;)Z", At.RETURN, Kind.FILE_MOVED, "this", "1");
        String options = "(Ljava/nio/file/Path;Ljava/util/Set;" + ATTRIBUTES + ")Ljava/nio/channels/";
        creating("newFileChannel", options + "FileChannel;", "1", "2");
        creating("newByteChannel", options + "SeekableByteChannel;", "1", "2");
        creating("newAsynchronousFileChannel", "(Ljava/nio/file/Path;Ljava/util/Set;Ljava/util/concurrent/ExecutorService;" + ATTRIBUTES
            + ")Ljava/nio/channels/AsynchronousFileChannel;", "1", "2");
        creating("createDirectory", "(Ljava/nio/file/Path;" + ATTRIBUTES + ")V", "1", "-");
        creating("copy", "(Ljava/nio/file/Path;Ljava/nio/file/Path;[Ljava/nio/file/CopyOption;)V", "2", "-");
        taken(PROVIDER, "createLink", "(Ljava/nio/file/Path;Ljava/nio/file/Path;)V", At.ENTRY, Kind.FILE_LINKING, "1", "2");
        taken(PROVIDER, "createLink", "(Ljava/nio/file/Path;Ljava/nio/file/Path;)V", At.RETURN, Kind.FILE_CREATED, "1");
        creating("createSymbolicLink", "(Ljava/nio/file/Path;Ljava/nio/file/Path;" + ATTRIBUTES + ")V", "1", "-");
        String move = "(Ljava/nio/file/Path;Ljava/nio/file/Path;[Ljava/nio/file/CopyOption;)V";
        taken(PROVIDER, "move", move, At.ENTRY, Kind.FILE_CREATING, "2");
        seen(PROVIDER, "move", move, At.RETURN, Kind.FILE_MOVED, "1", "2");
    }

    private void threads(int jdk) {
        taken("java/lang/Thread", "start", "()V", At.ENTRY, Kind.THREAD_STARTING, "this");
        taken("java/lang/Thread", "start", "()V", At.THROW, Kind.THREAD_NOT_STARTED, "this");
        seen("java/lang/Thread", "exit", "()V", At.ENTRY, Kind.THREAD_ENDING, "this");
        taken("java/lang/Thread", "interrupt", "()V", At.ENTRY, Kind.THREAD_INTERRUPTED, "this");
        String channel = "java/nio/channels/spi/AbstractInterruptibleChannel";
        rows.add(new Hook(channel, "begin", "()V", At.ENTRY, true, "ending", Kind.CHANNEL_BEGUN, new String[] {"this"}));
        // not before it is over: until then an interrupt closes the channel
        rows.add(new Hook(channel, "end", "(Z)V", At.EXIT, true, "ending", Kind.CHANNEL_ENDED, new String[] {"this"}));
        String map = "(Ljava/nio/channels/FileChannel$MapMode;JJIZ)Lsun/nio/ch/FileChannelImpl$Unmapper;";
        rows.add(new Hook("sun/nio/ch/FileChannelImpl", "mapInternal", map, At.ENTRY, true, "ending", Kind.MAPPING_BEGUN, new String[0]));
        seen("sun/nio/ch/FileChannelImpl", "mapInternal", map, At.EXIT, Kind.MAPPING_ENDED);
        if (jdk >= 21) {
            taken("java/lang/VirtualThread", "interrupt", "()V", At.ENTRY, Kind.THREAD_INTERRUPTED, "this");
            taken("java/lang/Thread", "start", CONTAINER, At.ENTRY, Kind.THREAD_STARTING, "this");
            taken("java/lang/Thread", "start", CONTAINER, At.THROW, Kind.THREAD_NOT_STARTED, "this");
            taken("java/lang/VirtualThread", "start", CONTAINER, At.ENTRY, Kind.THREAD_STARTING, "this");
            taken("java/lang/VirtualThread", "start", CONTAINER, At.THROW, Kind.THREAD_NOT_STARTED, "this");
            seen("java/lang/VirtualThread", "run", "(Ljava/lang/Runnable;)V", At.RETURN, Kind.THREAD_ENDING, "this");
        }
        String pool = "java/util/concurrent/ThreadPoolExecutor";
        String queue = "Ljava/util/concurrent/BlockingQueue;Ljava/util/concurrent/ThreadFactory;Ljava/util/concurrent/RejectedExecutionHandler;";
        taken(pool, "<init>", "(IIJLjava/util/concurrent/TimeUnit;" + queue + ")V", At.RETURN, Kind.POOL_CREATED, "this");
        taken(pool, "addWorker", "(Ljava/lang/Runnable;Z)Z", At.ENTRY, Kind.WORKER_STARTING, "this");
        taken(pool, "addWorker", "(Ljava/lang/Runnable;Z)Z", At.RETURN, Kind.WORKER_STARTED);
        taken(pool, "execute", "(Ljava/lang/Runnable;)V", At.ENTRY, Kind.TASK_SUBMITTED, "1");
        taken(pool, "reject", "(Ljava/lang/Runnable;)V", At.RETURN, Kind.TASK_REJECTED, "1", "this");
        taken(pool, "reject", "(Ljava/lang/Runnable;)V", At.THROW, Kind.TASK_REFUSED, "1", "this");
        taken(pool, "remove", "(Ljava/lang/Runnable;)Z", At.RETURN, Kind.TASK_WITHDRAWN, "1", "-", "result:Z", "-");
        taken(pool, "drainQueue", "()Ljava/util/List;", At.RETURN, Kind.TASKS_WITHDRAWN, "top");
        String runWorker = "(Ljava/util/concurrent/ThreadPoolExecutor$Worker;)V";
        taken(pool, "runWorker", runWorker, At.RUN, Kind.RAW_ENTERED, "top");
        seen(pool, "runWorker", runWorker, At.AFTER_EXECUTE, Kind.RAW_LEFT);
        String forkJoinPool = "java/util/concurrent/ForkJoinPool";
        taken(forkJoinPool, "<init>", "(ILjava/util/concurrent/ForkJoinPool$ForkJoinWorkerThreadFactory;Ljava/lang/Thread$UncaughtExceptionHandler;ZIII"
            + "Ljava/util/function/Predicate;JLjava/util/concurrent/TimeUnit;)V", At.RETURN, Kind.POOL_CREATED, "this");
        taken(forkJoinPool, "createWorker", "()Z", At.ENTRY, Kind.WORKER_STARTING, "this");
        taken(forkJoinPool, "createWorker", "()Z", At.RETURN, Kind.WORKER_STARTED);
        timers();
    }

    private void timers() {
        String timer = "java/util/Timer";
        taken(timer, "sched", "(Ljava/util/TimerTask;JJ)V", At.ENTRY, Kind.TASK_SUBMITTED, "1");
        taken(timer, "sched", "(Ljava/util/TimerTask;JJ)V", At.THROW, Kind.TASK_REFUSED, "1");
        taken("java/util/TimerTask", "cancel", "()Z", At.RETURN, Kind.TASK_WITHDRAWN, "this", "-", "result:Z", "-");
        taken("java/util/TaskQueue", "clear", "()V", At.ENTRY, Kind.TASKS_WITHDRAWN, ".queue:[Ljava/util/TimerTask;");
        String thread = "java/util/TimerThread";
        taken(thread, "mainLoop", "()V", At.RUN, Kind.RAW_ENTERED, "top");
        seen(thread, "mainLoop", "()V", At.RAN, Kind.RAW_LEFT);
        seen(thread, "mainLoop", "()V", At.THROW, Kind.RAW_LEFT);
    }

    private void tasks() {
        String task = "java/util/concurrent/FutureTask";
        wrap(task, "(Ljava/util/concurrent/Callable;)V", Kind.WRAP_CALLABLE, "1", "java/util/concurrent/Callable");
        wrap(task, "(Ljava/lang/Runnable;Ljava/lang/Object;)V", Kind.WRAP_RUNNABLE, "1", "java/lang/Runnable");
        wrap(ASYNC + "Supply", "(L" + CF + ";Ljava/util/function/Supplier;)V", Kind.WRAP_SUPPLIER, "2", "java/util/function/Supplier");
        wrap(ASYNC + "Run", "(L" + CF + ";Ljava/lang/Runnable;)V", Kind.WRAP_RUNNABLE, "2", "java/lang/Runnable");
        taken(task, "<init>", "(Ljava/util/concurrent/Callable;)V", At.RETURN, Kind.FUTURE_MADE, "this");
        taken(task, "<init>", "(Ljava/lang/Runnable;Ljava/lang/Object;)V", At.RETURN, Kind.FUTURE_MADE, "this");
        seen(task, "run", "()V", At.ENTRY, Kind.TASK_ENTERED, "this");
        seen(task, "run", "()V", At.EXIT, Kind.TASK_LEFT);
        taken(task, "cancel", "(Z)Z", At.ENTRY, Kind.FUTURE_CANCELLING, "-", ".callable:Ljava/util/concurrent/Callable;");
        seen(ASYNC + "Supply", "run", "()V", At.ENTRY, Kind.TASK_ENTERED, ".dep:L" + CF + ";", ".fn:Ljava/util/function/Supplier;");
        seen(ASYNC + "Supply", "run", "()V", At.COMPLETE_VALUE, Kind.FUTURE_COMPLETING);
        seen(ASYNC + "Supply", "run", "()V", At.EXIT, Kind.TASK_LEFT);
        seen(ASYNC + "Run", "run", "()V", At.ENTRY, Kind.TASK_ENTERED, ".dep:L" + CF + ";", ".fn:Ljava/lang/Runnable;");
        seen(ASYNC + "Run", "run", "()V", At.EXIT, Kind.TASK_LEFT);
        stages();
    }

    /** Functions that wait for a CompletableFuture, in the object of the JDK's that stands in its stack of dependents. */
    private void stages() {
        String function = "java/util/function/Function";
        String biFunction = "java/util/function/BiFunction";
        String consumer = "java/util/function/Consumer";
        String biConsumer = "java/util/function/BiConsumer";
        String[] kinds = {"UniApply", function, "UniAccept", consumer, "UniRun", "java/lang/Runnable", "UniWhenComplete", biConsumer, "UniHandle", biFunction,
            "UniExceptionally", function, "UniComposeExceptionally", function, "UniCompose", function, "BiApply", biFunction, "BiAccept", biConsumer,
            "BiRun", "java/lang/Runnable", "OrApply", function, "OrAccept", consumer, "OrRun", "java/lang/Runnable"};
        for (int i = 0; i < kinds.length; i += 2) {
            int kind = kinds[i + 1].equals(biFunction) ? Kind.WRAP_PAIR_STAGE : Kind.WRAP_STAGE;
            rows.add(new Hook(CF + '$' + kinds[i], "<init>", null, At.RETURN, true, "wrapField", kind, new String[] {"fn", kinds[i + 1]}));
        }
        // those whose function may be a load, and whose value somebody may wait for
        String[] valued = {"UniApply", "UniHandle", "UniCompose", "BiApply", "OrApply"};
        for (int i = 0; i < valued.length; i++) {
            seen(CF + '$' + valued[i], "tryFire", "(I)L" + CF + ';', At.ENTRY, Kind.CARRIER_ENTERED, ".dep:L" + CF + ';');
            seen(CF + '$' + valued[i], "tryFire", "(I)L" + CF + ';', At.EXIT, Kind.TASK_LEFT);
        }
        taken(CF, "postComplete", "()V", At.ENTRY, Kind.HELPING, "this");
        left(CF, "postComplete", "()V", At.EXIT, Kind.HELPED, "this");
    }

    /** Tasks that go into a ForkJoinPool: inside an adapter, or as they are. */
    private void forkJoin(int jdk) {
        String task = "java/util/concurrent/ForkJoinTask";
        String pool = "java/util/concurrent/ForkJoinPool";
        taken(task, "fork", "()L" + task + ';', At.ENTRY, Kind.TASK_SUBMITTED, "this");
        taken(task, "tryUnfork", "()Z", At.RETURN, Kind.TASK_WITHDRAWN, "this", "-", "result:Z", "-");
        seen("java/util/concurrent/RecursiveTask", "exec", "()Z", At.ENTRY, Kind.CARRIER_ENTERED, "this");
        seen("java/util/concurrent/RecursiveTask", "exec", "()Z", At.EXIT, Kind.TASK_LEFT);
        taken(task, "doExec", null, At.ENTRY, Kind.RAW_ENTERED, "this");
        left(task, "doExec", null, At.EXIT, Kind.FORK_LEFT, "this");
        taken(task, "awaitDone", null, At.ENTRY, Kind.HELPING, "this");
        left(task, "awaitDone", null, At.EXIT, Kind.HELPED, "this");
        String[] helps = {"helpQuiescePool", "helpAsyncBlocker"};
        for (int i = 0; i < helps.length; i++) {
            optional("taken", pool, helps[i], null, At.ENTRY, Kind.HELPING);
            optional("left", pool, helps[i], null, At.EXIT, Kind.HELPED);
        }
        if (jdk >= 22) {
            taken(pool, "poolSubmit", "(ZL" + task + ";)L" + task + ';', At.ENTRY, Kind.TASK_SUBMITTED, "2");
        } else {
            optional("taken", pool, "externalSubmit", "(L" + task + ";)L" + task + ';', At.ENTRY, Kind.TASK_SUBMITTED, "1");
            optional("taken", pool, "poolSubmit", "(ZL" + task + ";)L" + task + ';', At.ENTRY, Kind.TASK_SUBMITTED, "2");
        }
        adapters(jdk, task);
    }

    private void adapters(int jdk, String task) {
        String[] runnables = {"$AdaptedRunnable", "(Ljava/lang/Runnable;Ljava/lang/Object;)V", "$AdaptedRunnableAction", "(Ljava/lang/Runnable;)V",
            "$RunnableExecuteAction", "(Ljava/lang/Runnable;)V"};
        for (int i = 0; i < runnables.length; i += 2) {
            wrap(task + runnables[i], runnables[i + 1], Kind.WRAP_RUNNABLE, "1", "java/lang/Runnable");
        }
        wrap(task + "$AdaptedCallable", "(Ljava/util/concurrent/Callable;)V", Kind.WRAP_CALLABLE, "1", "java/util/concurrent/Callable");
        wrap(task + "$AdaptedInterruptibleCallable", "(Ljava/util/concurrent/Callable;)V", Kind.WRAP_CALLABLE, "1", "java/util/concurrent/Callable");
        String[] executed = jdk >= 22 ? new String[] {"$AdaptedRunnable", "$AdaptedRunnableAction", "$AdaptedCallable", "$InterruptibleTask"}
            : new String[] {"$AdaptedRunnable", "$AdaptedRunnableAction", "$RunnableExecuteAction", "$AdaptedCallable", "$AdaptedInterruptibleCallable"};
        for (int i = 0; i < executed.length; i++) {
            seen(task + executed[i], "exec", "()Z", At.ENTRY, Kind.TASK_ENTERED, "this");
            seen(task + executed[i], "exec", "()Z", At.EXIT, Kind.TASK_LEFT);
        }
        if (jdk >= 25) {
            scheduled();
        }
        if (jdk >= 22) {
            wrap(task + "$AdaptedInterruptibleRunnable", "(Ljava/lang/Runnable;Ljava/lang/Object;)V", Kind.WRAP_RUNNABLE, "1", "java/lang/Runnable");
            seen(task, "get", "(JLjava/util/concurrent/TimeUnit;)Ljava/lang/Object;", At.TIMEOUT, Kind.GET_TIMED_OUT, "this");
        } else {
            seen(task, "reportExecutionException", "(I)V", At.TIMEOUT, Kind.GET_TIMED_OUT, "this");
        }
        seen(task, "cancel", "(Z)Z", At.RETURN, Kind.FUTURE_CANCELLED, "this", "-", "result:Z", "-");
        String[] reads = {"get", "()", "get", "(JLjava/util/concurrent/TimeUnit;)", "join", "()"};
        for (int i = 0; i < reads.length; i += 2) {
            seen(task, reads[i], reads[i + 1] + "Ljava/lang/Object;", At.RETURN, Kind.FUTURE_READ, "this");
        }
    }

    /** From JDK 25 on a ForkJoinPool has a clock, and structured concurrency the form that is known here. */
    private void scheduled() {
        String task = "java/util/concurrent/DelayScheduler$ScheduledForkJoinTask";
        String arguments = "(JJZLjava/lang/Runnable;Ljava/util/concurrent/Callable;Ljava/util/concurrent/ForkJoinPool;)V";
        wrap(task, arguments, Kind.WRAP_RUNNABLE, "6", "java/lang/Runnable");
        wrap(task, arguments, Kind.WRAP_CALLABLE, "7", "java/util/concurrent/Callable");
        String scope = "java/util/concurrent/StructuredTaskScopeImpl";
        wrap(scope + "$SubtaskImpl", "(Ljava/util/concurrent/StructuredTaskScopeImpl;Ljava/util/concurrent/Callable;)V", Kind.WRAP_CALLABLE, "2",
            "java/util/concurrent/Callable");
        seen(scope + "$SubtaskImpl", "run", "()V", At.ENTRY, Kind.TASK_ENTERED, "this");
        seen(scope + "$SubtaskImpl", "run", "()V", At.EXIT, Kind.TASK_LEFT);
        taken(scope, "cancel", "()V", At.ENTRY, Kind.SCOPE_CANCELLED, "this");
        taken(scope, "join", "()Ljava/lang/Object;", At.TIMEOUT, Kind.SCOPE_TIMED_OUT);
    }

    private void futures(int jdk) {
        String task = "java/util/concurrent/FutureTask";
        seen(task, "get", "(JLjava/util/concurrent/TimeUnit;)Ljava/lang/Object;", At.TIMEOUT, Kind.GET_TIMED_OUT, "this");
        seen(task, "cancel", "(Z)Z", At.RETURN, Kind.FUTURE_CANCELLED, "this", "-", "result:Z", "-");
        seen(task, "report", "(I)Ljava/lang/Object;", At.ENTRY, Kind.FUTURE_READ, "this");
        seen(CF, "timedGet", "(J)Ljava/lang/Object;", At.TIMEOUT, Kind.GET_TIMED_OUT, "this");
        seen(CF + "$Timeout", "run", "()V", At.TIMEOUT, Kind.FUTURE_TIMED_OUT, ".f:L" + CF + ";");
        seen(CF, "cancel", "(Z)Z", At.RETURN, Kind.FUTURE_CANCELLED, "this", "-", "result:Z", "-");
        String[] reads = {"get", "()", "get", "(JLjava/util/concurrent/TimeUnit;)", "join", "()", "getNow", "(Ljava/lang/Object;)"};
        for (int i = 0; i < reads.length; i += 2) {
            seen(CF, reads[i], reads[i + 1] + "Ljava/lang/Object;", At.RETURN, Kind.FUTURE_READ, "this");
        }
        if (jdk >= 19) {
            seen(CF, "resultNow", "()Ljava/lang/Object;", At.RETURN, Kind.FUTURE_READ, "this");
            seen(task, "resultNow", "()Ljava/lang/Object;", At.RETURN, Kind.FUTURE_READ, "this");
        }
    }

    private void creating(String method, String descriptor, String path, String options) {
        taken(PROVIDER, method, descriptor, At.ENTRY, Kind.FILE_CREATING, path, options);
        taken(PROVIDER, method, descriptor, At.RETURN, Kind.FILE_CREATED, path);
    }

    private void check(String owner, String method, String descriptor) {
        rows.add(new Hook(owner, method, descriptor, At.ENTRY, true, "check", 0, new String[0]));
    }

    private void taken(String owner, String method, String descriptor, At at, int kind, String... operands) {
        rows.add(new Hook(owner, method, descriptor, at, true, "taken", kind, operands));
    }

    private void seen(String owner, String method, String descriptor, At at, int kind, String... operands) {
        rows.add(new Hook(owner, method, descriptor, at, true, "seen", kind, operands));
    }

    private void left(String owner, String method, String descriptor, At at, int kind, String... operands) {
        rows.add(new Hook(owner, method, descriptor, at, true, "left", kind, operands));
    }

    private void optional(String call, String owner, String method, String descriptor, At at, int kind, String... operands) {
        rows.add(new Hook(owner, method, descriptor, at, false, call, kind, operands));
    }

    /** @param variable the local variable with the task; @param type what it is declared as */
    private void wrap(String owner, String descriptor, int kind, String variable, String type) {
        rows.add(new Hook(owner, "<init>", descriptor, At.ENTRY, true, "wrap", kind, new String[] {variable, type}));
    }
}
