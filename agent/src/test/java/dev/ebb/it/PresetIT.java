package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.ebb.config.Preset;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.MavenJars;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Each preset against the engine itself, in a program that says nothing of Ebb, with an Ebb that was told nothing. */
@Execution(ExecutionMode.CONCURRENT)
class PresetIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    /**
     * @param releases until the first load has been given back; 0 if the preset names none
     * @param verdict of a load that its caller has given up on; where it is live, the engine shares a part of what it returns with all that it returns
     * @param reached that part
     * @param others what the engine needs beside the artifact that its preset names
     */
    @ParameterizedTest
    @CsvSource({
        "agrona, org.agrona.IoUtil#mapExistingFile, 1, returned, '', ''",
        "duckdb, org.duckdb.DuckDBConnection#newConnection, 1, live, 'org.duckdb.DuckDBConnection, which has a finalizer of its own', ''",
        "h2, org.h2.mvstore.MVStore$Builder#open, 2, returned, '', ''",
        "leveldb, org.fusesource.leveldbjni.JniDBFactory#open, 1, returned, '', ''",
        "lmdb, org.lmdbjava.Env$Builder#open, 1, returned, '', 'com.github.jnr:jnr-ffi:2.2.15 com.github.jnr:jffi:1.3.12 com.github.jnr:jffi:1.3.12:-native com.github.jnr:jnr-constants:0.10.4 "
            + "com.github.jnr:jnr-a64asm:1.0.0 com.github.jnr:jnr-x86asm:1.0.2 org.ow2.asm:asm:9.2 org.ow2.asm:asm-commons:9.2 org.ow2.asm:asm-analysis:9.2 org.ow2.asm:asm-tree:9.2 org.ow2.asm:asm-util:9.2'",
        "lucene, org.apache.lucene.index.DirectoryReader#open, 0, live, 'org.apache.lucene.store.MMapDirectory', ''",
        "onnxruntime, ai.onnxruntime.OrtEnvironment#createSession, 1, returned, '', ''",
        "paldb, com.linkedin.paldb.api.PalDB#createReader, 1, returned, '', ''",
        "rocksdb, org.rocksdb.RocksDB#open, 1, returned, '', ''",
        "sparkey, com.spotify.sparkey.Sparkey#openSingleThreadedReader, 1, returned, '', 'com.fasterxml.util:java-merge-sort:1.1.0 org.xerial.snappy:snappy-java:1.1.7.2 org.slf4j:slf4j-api:1.7.36'",
        "sqlite, org.sqlite.JDBC#createConnection, 1, returned, '', 'org.slf4j:slf4j-api:1.7.36'"})
    void theEngineItselfIsWatched(String preset, String method, int releases, String verdict, String reached, String others) throws Exception {
        List<Path> jars = new ArrayList<>();
        for (String coordinates : (Preset.read(preset).verified() + " " + others).trim().split(" ")) {
            String[] part = coordinates.split(":");
            Optional<Path> jar = MavenJars.jar(part[0], part[1], part[2], part.length > 3 ? part[3] : "");
            assumeTrue(jar.isPresent(), () -> coordinates + " was not fetched, see .ci/run");
            jars.add(jar.get());
        }
        String main = preset.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + preset.substring(1);
        compile(main, jars);
        Path data = Files.createDirectory(directory.resolve("data"));
        jars.add(directory);
        ForkedJvm.Command command = ForkedJvm.java(Jdks.running()).classpath(jars.toArray(new Path[0])).main("engines." + main).args(data.toString())
            .option("-javaagent:" + AgentJvm.jar(), "-Debb.log.format=json", "-Debb.purge=off", "-Debb.log.summary=1s", "-Xmx64m", "-Xms64m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1")
            .option("--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-Djava.io.tmpdir=" + directory);
        try (ForkedJvm jvm = command.start()) {
            String seen = "\"method\":\"" + Pattern.quote(method) + "\"";
            jvm.await("^released$", LIMIT);
            jvm.await("\"event\":\"preset.found\",\"preset\":\"" + preset + "\"", LIMIT);
            jvm.await("\"event\":\"load.completed\",.*" + seen, LIMIT);
            if (releases > 0) {
                jvm.await("\"event\":\"ebb.summary\".*\"releases\":" + releases + ",\"releasesLeaked\":0,", LIMIT);
            }
            jvm.send("");
            jvm.await("^abandoned$", LIMIT);
            String abandoned = jvm.await("\"event\":\"load.abandoned\",\"load\":(\\d+),.*" + seen, LIMIT).group(1);
            JsonObject said = JsonParser.object().from(jvm.await("^\\{.*\"event\":\"verdict\",\"load\":" + abandoned + ",.*", LIMIT).group());
            assertEquals(verdict, said.getString("verdict"), () -> jvm.failure("another verdict").getMessage());
            assertTrue(reached.isEmpty() || said.getArray("holders").getString(0).startsWith("the program reaches " + reached), said::toString);
            try (ForkedJvm ask = ForkedJvm.java(Jdks.running()).jar(AgentJvm.jar()).args("presets", Long.toString(jvm.pid())).option("-XX:TieredStopAtLevel=1").start()) {
                assertEquals(0, ask.waitFor(LIMIT));
                assertTrue(Pattern.compile("^" + preset + " +found: .*" + Pattern.quote(method), Pattern.MULTILINE).matcher(ask.stdout()).find(), ask::stdout);
            }
            jvm.send("");
            // what was given back is locked no more
            jvm.await(verdict.equals("returned") ? "^reopened$" : "^(reopened|refused)$", LIMIT);
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("wrong exit code").getMessage());
            jvm.await("\"event\":\"ebb.stopped\".*\"troubles\":0", LIMIT);
        }
    }

    /**
     * The program keeps the options. The close of a database leaves them open; that of what the program makes of both would not: then the database is closed, and that is not.
     */
    @ParameterizedTest
    @CsvSource({"alone, result org.rocksdb.RocksDB, ''",
        "wrapped, org.rocksdb.RocksDB, 'the program reaches org.rocksdb.Options, a part of the result engines.Wrapped$Store'"})
    void whatAnEngineLeavesOpenIsAPartOfWhatTheProgramMakesOfIt(String how, String closed, String left) throws Exception {
        Optional<Path> jar = MavenJars.jar("org.rocksdb", "rocksdbjni", "11.8.1", "");
        assumeTrue(jar.isPresent(), "rocksdbjni was not fetched, see .ci/run");
        compile("Wrapped", List.of(jar.get()));
        ForkedJvm.Command command = ForkedJvm.java(Jdks.running()).classpath(jar.get(), directory).main("engines.Wrapped").args(Files.createDirectory(directory.resolve("data")).toString(), how)
            .option("-javaagent:" + AgentJvm.jar(), "-Debb.loads=engines.Wrapped#load", "-Debb.log.format=json", "-Debb.purge=off", "-Xmx64m", "-Xms64m", "-XX:+AlwaysPreTouch",
                "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + directory);
        try (ForkedJvm jvm = command.start()) {
            jvm.await("^released$", LIMIT);
            jvm.send("");
            JsonObject close = JsonParser.object().from(jvm.await("^\\{.*\"event\":\"rollback.step\",.*\"step\":\"close\".*", LIMIT).group());
            assertEquals(closed, close.getArray("closes").getString(0), close::toString);
            assertTrue(close.getString("resultLeft", "").startsWith(left), close::toString);
            assertEquals(left.isEmpty(), close.getString("resultLeft") == null, close::toString);
            JsonObject said = JsonParser.object().from(jvm.await("^\\{.*\"event\":\"verdict\",.*", LIMIT).group());
            assertEquals("returned", said.getString("verdict"), () -> jvm.failure("another verdict").getMessage());
            jvm.send("");
            // what was given back is locked no more
            jvm.await("^reopened$", LIMIT);
            jvm.await("^kept true$", LIMIT);
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("wrong exit code").getMessage());
        }
    }

    private void compile(String main, List<Path> jars) throws Exception {
        Path sources = Path.of(PresetIT.class.getResource("/engines/engines/Driver.java").toURI()).getParent().getParent();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            String classpath = jars.stream().map(Path::toString).collect(Collectors.joining(":"));
            List<String> options = List.of("--release", "17", "-proc:none", "-cp", classpath, "-sourcepath", sources.toString(), "-d", directory.toString());
            assertTrue(compiler.getTask(said, manager, null, options, null, manager.getJavaFileObjects(sources.resolve("engines/" + main + ".java"))).call(), said::toString);
        }
    }
}
