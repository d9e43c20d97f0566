package dev.ebb.rollback;

import dev.ebb.load.Event;
import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finishes the deletions that an earlier process did not live to finish: what lies in the trash and is the load's is deleted, what is not is put back.
 * Journals of living processes are left to them; one that cannot be trusted is left to the user, and said.
 */
final class Replay {
    private final List<String> directories;
    private final EventSink events;

    Replay(List<String> directories, EventSink events) {
        this.directories = directories;
        this.events = events;
    }

    void run() {
        for (DeletionRoot root : DeletionRoot.of(directories)) {
            String[] names = root.real().toFile().list((directory, name) -> name.startsWith(Journal.PREFIX));
            Arrays.sort(names == null ? new String[0] : names);
            for (String name : names == null ? new String[0] : names) {
                replay(root.real().resolve(name));
            }
        }
    }

    private void replay(Path file) {
        try (Journal journal = Journal.takeOver(file)) {
            if (journal != null) {
                replay(journal);
            }
        } catch (NoSuchFileException e) {
            // another process has replayed it
        } catch (IOException | RuntimeException e) {
            String trash = Trash.start(file.getFileName().toString().substring(Journal.PREFIX.length()));
            say(e instanceof Journal.DamagedException ? e.getMessage() : "journal " + file + " cannot be replayed: " + e,
                "below " + file.getParent() + " look for files named " + trash + "*: give back their names to those that you need, delete the others; then delete "
                    + "the journal");
        }
    }

    private void replay(Journal journal) {
        int[] fates = new int[Fate.values().length];
        List<String> stuck = new ArrayList<>();
        new Deletion(journal, file -> false, (file, fate, detail) -> {
            fates[fate.ordinal()]++;
            if (fate == Fate.STUCK) {
                stuck.add(file.original() + " could not be put back: " + detail);
            }
        }).replay();
        int deleted = fates[Fate.DELETED.ordinal()];
        int notMoved = fates[Fate.GONE.ordinal()];
        events.event(new Event(Level.INFO, "delete.replayed").with("journal", journal.file().toString()).with("files", journal.files().size())
            .with("deleted", deleted).with("notMoved", notMoved).with("putBack", journal.files().size() - deleted - notMoved - stuck.size())
            .with("stuck", stuck.size()));
        for (String what : stuck) {
            say(what, "move it to where it belongs, or delete it; the next start then clears away the journal " + journal.file());
        }
    }

    private void say(String what, String remedy) {
        events.event(new Event(Level.WARN, "trouble").with("where", "delete.replay").with("what", what).with("remedy", remedy));
    }
}
