package dev.ebb.rollback;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Takes the files of one journal through the trash: all are moved away, then it is looked who has one of them open, then each is deleted or put back. Used
 * once.
 */
final class Deletion {
    private final Journal journal;
    private final Predicate<Trash> wanted;
    private final Account account;
    private boolean anyStuck;

    /** Hears what became of each file. */
    interface Account {
        /** @param detail what the system says, or null */
        void ends(Trash file, Fate fate, String detail);
    }

    /** @param wanted whether the program has laid claim to a file; asked once it was moved away */
    Deletion(Journal journal, Predicate<Trash> wanted, Account account) {
        this.journal = journal;
        this.wanted = wanted;
        this.account = account;
    }

    /** The journal is on disk, and nothing was moved yet. */
    void run() {
        // all of them at first: whatever happens, nothing that was moved is left there
        List<Trash> moved = journal.files();
        try {
            moved = moveAway();
        } finally {
            settle(moved);
        }
    }

    private List<Trash> moveAway() {
        List<Trash> moved = new ArrayList<>(journal.files().size());
        for (Trash file : journal.files()) {
            try {
                file.moveAway();
                moved.add(file);
            } catch (NoSuchFileException e) {
                ends(file, Fate.GONE, null);
            } catch (IOException e) {
                ends(file, Fate.FAILED, e.toString());
            }
        }
        return moved;
    }

    /** The process that wrote the journal ended somewhere in {@link #run}. */
    void replay() {
        List<Trash> there = new ArrayList<>(journal.files().size());
        for (Trash file : journal.files()) {
            try {
                if (file.isReachedWithoutLinks()) {
                    there.add(file);
                } else {
                    ends(file, Fate.STUCK, "its directory is reached through a link now");
                }
            } catch (NoSuchFileException itsDirectoryIsGone) {
                ends(file, Fate.GONE, null);
            } catch (IOException e) {
                ends(file, Fate.STUCK, e.toString());
            }
        }
        settle(there);
    }

    private void settle(List<Trash> files) {
        OpenFiles open = look(files);
        for (Trash file : files) {
            try {
                ends(file, file.settle(open, wanted.test(file)), null);
            } catch (IOException | RuntimeException e) {
                ends(file, Fate.STUCK, e.toString());
            }
        }
        if (!anyStuck) {
            try {
                journal.remove();
            } catch (IOException e) {
                // it names nothing any more that is there; the next start clears it away
            }
        }
    }

    private void ends(Trash file, Fate fate, String detail) {
        anyStuck |= fate == Fate.STUCK;
        account.ends(file, fate, fate == Fate.STUCK ? "lies as " + file.moved() + (detail == null ? "" : ", " + detail) : detail);
    }

    private static OpenFiles look(List<Trash> files) {
        try {
            return files.isEmpty() ? OpenFiles.unknown() : OpenFiles.inTrash();
        } catch (IOException e) {
            return OpenFiles.unknown();
        }
    }
}
