package scenario.ledgers;

/** Something that is done for a load. */
interface Work {
    void run() throws Exception;
}
