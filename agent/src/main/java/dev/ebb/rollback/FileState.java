package dev.ebb.rollback;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A file or directory as one look saw it, links not followed. Immutable.
 *
 * @param identity two looks that saw the same one saw the same file, not written to in between
 * @param changedMillis when its content, name, owner or mode was last changed, in milliseconds since the epoch: nobody can set that back, as they can the time of
 *     modification
 * @param links how many names it has
 * @param device the file system that it is on ({@code st_dev})
 * @param user who owns it, as a number
 * @param mode type and permissions ({@code st_mode})
 */
record FileState(Identity identity, boolean isFile, boolean isDirectory, long changedMillis, int links, long device, int user, int mode) {
    /** @param key device and inode; @param modifiedNanos since the epoch */
    record Identity(String key, long bytes, long modifiedNanos) {
        boolean isSame(Identity other) {
            return key.equals(other.key) && bytes == other.bytes && modifiedNanos == other.modifiedNanos;
        }
    }

    /** @throws java.nio.file.NoSuchFileException if there is none */
    static FileState of(Path path) throws IOException {
        Map<String, Object> now = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        FileTime modified = (FileTime) now.get("lastModifiedTime");
        FileTime changed = (FileTime) now.get("ctime");
        Identity identity = new Identity(now.get("fileKey").toString(), (Long) now.get("size"), modified.to(TimeUnit.NANOSECONDS));
        return new FileState(identity, (Boolean) now.get("isRegularFile"), (Boolean) now.get("isDirectory"), Math.max(modified.toMillis(), changed.toMillis()),
            (Integer) now.get("nlink"), (Long) now.get("dev"), (Integer) now.get("uid"), (Integer) now.get("mode"));
    }

    boolean isKnownAs(Object fileKey) {
        return identity.key.equals(String.valueOf(fileKey));
    }
}
