package engines;

import java.nio.file.Path;
import org.h2.mvstore.MVStore;

final class H2 implements Driver.Engine {
    private final String file;

    private H2(String file) {
        this.file = file;
    }

    public static void main(String[] args) throws Exception {
        String file = "nio:" + Path.of(args[0], "h2.mv");
        try (MVStore store = MVStore.open(file)) {
            store.openMap("map").put("key", "value");
        }
        Driver.run(new H2(file));
    }

    /** One that writes has a thread of its own, which refers to it. */
    @Override
    public Object open() {
        return new MVStore.Builder().fileName(file).readOnly().open();
    }

    @Override
    public void close(Object opened) {
        ((MVStore) opened).openMap("map").get("key");
        ((MVStore) opened).close();
    }
}
