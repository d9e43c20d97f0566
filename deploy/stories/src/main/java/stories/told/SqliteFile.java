package stories.told;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import stories.Story;

/** A database whose file is none: it is opened before its first page is read. */
public final class SqliteFile implements Story {
    private static final String FILE = "segment.sqlite";

    @Override
    public void make(Path directory) throws SQLException {
        try (Connection connection = open(directory); Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE segment AS WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 1000) "
                + "SELECT number, randomblob(4000) AS value FROM numbers");
        }
    }

    @Override
    public Path spoil(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(100), 0);
        }
        return file;
    }

    @Override
    public AutoCloseable load(Path directory) throws SQLException {
        return open(directory);
    }

    private static Connection open(Path directory) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        return config.createConnection("jdbc:sqlite:" + directory.resolve(FILE));
    }
}
