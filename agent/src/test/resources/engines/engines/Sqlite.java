package engines;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

final class Sqlite implements Driver.Engine {
    private final String url;

    private Sqlite(String url) {
        this.url = url;
    }

    public static void main(String[] args) throws Exception {
        Driver.run(new Sqlite("jdbc:sqlite:" + Path.of(args[0], "lite.db")));
    }

    @Override
    public Object open() throws Exception {
        return DriverManager.getConnection(url);
    }

    @Override
    public void close(Object opened) throws Exception {
        try (Statement statement = ((Connection) opened).createStatement()) {
            statement.execute("create table if not exists t (x)");
        }
        ((Connection) opened).close();
    }
}
