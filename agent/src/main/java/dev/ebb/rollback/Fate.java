package dev.ebb.rollback;

/** What became of a file that a load has made and that may have to be deleted. */
enum Fate {
    DELETED("deleted"),
    /** Under its name there is none any more, or another one, which is somebody else's. */
    GONE("gone, or another file by now"),
    /** Somebody of the program has opened it meanwhile: it is the program's. */
    WANTED("opened by the program meanwhile"),
    OUTSIDE("not below a directory of ebb.files"),
    OTHER_MOUNT("on another file system than its directory of ebb.files"),
    NO_FILE("neither a file nor a directory"),
    CHANGED("changed by somebody else after the load was quiet"),
    SHARED("it has another hard link"),
    IN_USE("open, mapped or somebody's working directory"),
    NOT_EMPTY("not empty"),
    FAILED("failed"),
    /** It lies under its trash name and could be neither deleted nor put back; its journal stays and names it. */
    STUCK("moved aside, and could not be put back");

    private final String text;

    Fate(String text) {
        this.text = text;
    }

    /** For the log: why it was not deleted. */
    String text() {
        return text;
    }
}
