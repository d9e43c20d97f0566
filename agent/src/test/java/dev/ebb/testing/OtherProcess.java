package dev.ebb.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A small process that has a file open until it is closed. */
public final class OtherProcess implements AutoCloseable {
    private final Process process;

    private OtherProcess(Process process) {
        this.process = process;
    }

    /** Returns when it has opened the file. */
    public static OtherProcess with(Path file) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "exec 3<\"$0\"; echo ready; read line", file.toString()).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (!"ready".equals(out.readLine())) {
            throw new IOException("not ready");
        }
        return new OtherProcess(process);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
