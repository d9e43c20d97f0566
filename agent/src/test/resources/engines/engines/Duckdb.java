package engines;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;

final class Duckdb implements Driver.Engine {
    private final String url;

    private Duckdb(String url) {
        this.url = url;
    }

    public static void main(String[] args) throws Exception {
        Driver.run(new Duckdb("jdbc:duckdb:" + Path.of(args[0], "duck.db")));
    }

    @Override
    public Object open() throws Exception {
        return DriverManager.getConnection(url);
    }

    @Override
    public void close(Object opened) throws Exception {
        ((Connection) opened).close();
    }
}
