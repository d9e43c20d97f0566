package engines;

import java.io.File;
import java.nio.file.Files;
import java.nio.MappedByteBuffer;
import org.agrona.IoUtil;

final class Agrona implements Driver.Engine {
    private final File file;

    private Agrona(File file) {
        this.file = file;
    }

    public static void main(String[] args) throws Exception {
        File file = new File(args[0], "mapped");
        Files.write(file.toPath(), new byte[1 << 20]);
        Driver.run(new Agrona(file));
    }

    @Override
    public Object open() {
        return IoUtil.mapExistingFile(file, "the file");
    }

    @Override
    public void close(Object opened) {
        IoUtil.unmap((MappedByteBuffer) opened);
    }
}
