package scenario.ledgers;

/** One thing that somebody has taken and may give back, once. */
interface Taken {
    void giveBack() throws Exception;
}
