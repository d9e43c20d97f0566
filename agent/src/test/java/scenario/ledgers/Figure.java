package scenario.ledgers;

/** What a program can say of what a load holds, by the names that these figures have in Ebb's log. */
enum Figure {
    DIRECT("directBytes"), MAPPED("mappedBytes"), FOREIGN("foreignBytes"), NATIVE("nativeBytes"), OPEN_FILES("openFiles"), TRACKED("tracked"),
    FILES_CREATED("filesCreated"), DISK("diskBytes"), FILES_GROWN("filesGrown"), GROWN("grownBytes"), THREADS_BORN("threadsBorn"), THREADS_ALIVE("threadsAlive"),
    /** All that was allocated, whether it is garbage by now or not; at least this much. */
    HEAP("heapBytes");

    final String field;

    Figure(String field) {
        this.field = field;
    }
}
