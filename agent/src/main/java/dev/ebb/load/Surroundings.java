package dev.ebb.load;

/**
 * What there was besides a load when it began, so that its verdict does not take for the load's what others have. All in bytes, -1 where the system does not
 * tell. Taken by the worker up to a second before or, if many loads are open, some milliseconds after the load began. Immutable.
 *
 * @param sharedBytes the part of RSS that is no anonymous memory: pages of mapped files and shared memory
 * @param pages pages of files
 * @param classBytes metaspace that was committed
 * @param otherLoadsBytes off-heap memory that other loads had taken and not given back
 */
public record Surroundings(long sharedBytes, Memory.FilePages pages, long classBytes, long otherLoadsBytes) { }
