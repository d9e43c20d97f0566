package dev.ebb.rollback;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files are open, mapped or a working directory, as one look through /proc saw it. Immutable.
 *
 * <p>A path tells little about other processes, which may see the file system mounted elsewhere. The last part of it does: the kernel composes what it shows
 * from the names of now, so a file that was given a name that nobody else has is found by that name, through bind mounts and in containers.
 */
final class OpenFiles {
    private final List<String> directories = new ArrayList<>();
    private final Set<String> paths = new HashSet<>();
    private final Set<String> trash = new HashSet<>();
    private final boolean unknown;

    private OpenFiles(boolean unknown) {
        this.unknown = unknown;
    }

    /** When nothing needs to be asked: nothing is open. */
    static OpenFiles none() {
        return new OpenFiles(false);
    }

    /** When it cannot be told: everything is open. */
    static OpenFiles unknown() {
        return new OpenFiles(true);
    }

    /**
     * What this process has open below these directories.
     *
     * @param directories real paths
     */
    static OpenFiles here(List<Path> directories) throws IOException {
        OpenFiles open = new OpenFiles(false);
        for (Path directory : directories) {
            open.directories.add(directory.toString());
        }
        open.addProcess("self", new ProcessMaps(directories));
        return open;
    }

    /**
     * What lies in the trash and is open: in this process, and in others as far as the kernel shows them, which is those of the same user, or all to root.
     *
     * @throws IOException if not even this process can be looked at
     */
    static OpenFiles inTrash() throws IOException {
        OpenFiles open = new OpenFiles(false);
        ProcessMaps maps = new ProcessMaps(List.of());
        open.addProcess("self", maps);
        String[] all = new File("/proc").list();
        for (String process : all == null ? new String[0] : all) {
            if (process.charAt(0) >= '1' && process.charAt(0) <= '9') {
                try {
                    open.addProcess(process, maps);
                } catch (IOException endedOrNotOurs) {
                    // what cannot be looked at is not known to have anything open
                }
            }
        }
        return open;
    }

    /** @param real without links in it */
    boolean contains(Path real) {
        return unknown || paths.contains(real.toString());
    }

    /** Whether a file is open that has this trash name now; the name's distinctive start is enough. */
    boolean containsTrash(String token) {
        return unknown || trash.contains(token);
    }

    private void addProcess(String process, ProcessMaps maps) throws IOException {
        File home = new File("/proc", process);
        String[] descriptors = new File(home, "fd").list();
        if (descriptors == null) {
            throw new IOException(home + "/fd cannot be read");
        }
        Path fd = home.toPath().resolve("fd");
        for (String descriptor : descriptors) {
            addLink(fd.resolve(descriptor));
        }
        addLink(home.toPath().resolve("cwd"));
        maps.read(new File(home, "maps"), this::add);
    }

    private void addLink(Path link) {
        try {
            add(Files.readSymbolicLink(link).toString());
        } catch (IOException closedMeanwhile) {
            // a descriptor that is gone by now holds nothing
        }
    }

    private void add(String path) {
        int name = path.lastIndexOf('/') + 1;
        if (path.startsWith(Trash.PREFIX, name)) {
            trash.add(Trash.token(path.substring(name)));
        }
        for (String directory : directories) {
            if (path.startsWith(directory)) {
                paths.add(path);
                return;
            }
        }
    }
}
