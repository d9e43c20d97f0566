package dev.ebb.shape;

import dev.ebb.testing.AgentJvm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.TestReporter;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.ByteBuffer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The jar lands on the class path of programs that have libraries of their own: nothing in it may be taken for theirs. */
class AgentJarIT {
    private static final long MIB = 1 << 20;
    private static final Pattern OURS = Pattern.compile("dev/ebb/.*|java/lang/EbbBridge\\.class"
        + "|META-INF/(MANIFEST\\.MF|LICENSE[^/]*|NOTICE[^/]*|services/dev\\.ebb\\.shaded\\.[^/]*)");
    private static final String LIBRARIES = "(org[./]objectweb|org[./]slf4j|org[./]HdrHistogram|com[./]grack|io[./]prometheus|dev[./]ebb[./]bridge)";
    /** As a name, with dots or slashes, or in a descriptor; what precedes a name tells it from the address of a web page and from a path. */
    private static final Pattern STRANGER = Pattern.compile("(?<![\\w.$/-])" + LIBRARIES + "([./]|$)|L" + LIBRARIES + "/");
    /** What is said and not looked up: log text has blanks. */
    private static final Pattern TEXT = Pattern.compile(".*\\s.*", Pattern.DOTALL);

    private static JarFile jar;

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(AgentJvm.jar().toFile());
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    @Test
    void holdsNothingOutsideOurPackages() {
        Set<String> strangers = new TreeSet<>(files());
        strangers.removeIf(name -> OURS.matcher(name).matches());
        assertEquals(Set.of(), strangers);
        assertTrue(files().contains("java/lang/EbbBridge.class"));
        assertFalse(files().stream().anyMatch(name -> name.startsWith("dev/ebb/bridge/")), "the bridge is in the jar twice");
        assertEquals(files().size(), new TreeSet<>(files()).size(), "an entry is there twice");
    }

    @Test
    void namesNoLibraryThatIsNotRelocated() throws IOException {
        Map<String, String> strangers = new TreeMap<>();
        for (String name : classes()) {
            for (String constant : constants(read(name))) {
                if (!TEXT.matcher(constant).matches() && STRANGER.matcher(constant).find()) {
                    strangers.put(name, constant);
                }
            }
        }
        assertEquals(Map.of(), strangers);
    }

    /** That the pattern finds what it is for. */
    @Test
    void aLibraryThatIsNotRelocatedWouldBeSeen() {
        for (String constant : List.of("com/grack/nanojson/JsonParser", "Lorg/slf4j/Logger;", "(ILorg/objectweb/asm/Type;)V", "[Lcom/grack/nanojson/JsonArray;", "org.HdrHistogram.Histogram",
            "dev.ebb.bridge.EbbBridge", "org.slf4j.provider", "io/prometheus/metrics/model/snapshots/Unit", "Ljava/util/List<Lorg/slf4j/Marker;>;", "org.objectweb")) {
            assertTrue(STRANGER.matcher(constant).find() && !TEXT.matcher(constant).matches(), constant);
        }
        assertFalse(STRANGER.matcher("https://www.slf4j.org/codes.html").find());
        assertFalse(STRANGER.matcher("dev/ebb/shaded/asm/ClassReader").find());
    }

    /** A reference to a class that was moved, or left out, fails when somebody first comes that way. */
    @Test
    void everyClassThatIsNamedIsThere() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (String name : classes()) {
            ClassReader reader = new ClassReader(read(name));
            char[] buffer = new char[reader.getMaxStringLength()];
            for (int i = 1; i < reader.getItemCount(); i++) {
                int offset = reader.getItem(i);
                if (offset > 0 && reader.readByte(offset - 1) == 7) { // CONSTANT_Class, JVMS 4.4
                    String type = reader.readUTF8(offset, buffer).replaceFirst("^\\[+L?", "").replace(";", "");
                    boolean elsewhere = type.length() == 1 || type.startsWith("java/") && !type.equals("java/lang/EbbBridge") || type.startsWith("javax/")
                        || type.startsWith("com/sun/management/") || type.startsWith("jdk/jfr/") || jar.getEntry(type + ".class") != null;
                    if (!elsewhere) {
                        missing.add(type);
                    }
                }
            }
        }
        // of the JDK, and for java -jar alone: the doctor says so where it is missing
        missing.removeIf(type -> type.startsWith("com/sun/tools/attach/"));
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyClassRunsOnJava17() throws IOException {
        Map<String, Integer> newer = new TreeMap<>();
        for (String name : classes()) {
            int major = new ClassReader(read(name)).readUnsignedShort(6);
            if (major > Opcodes.V17) {
                newer.put(name, major);
            }
        }
        assertEquals(Map.of(), newer);
        assertTrue(classes().size() > 500, () -> "only " + classes().size() + " classes were looked at");
    }

    /** For each processor one file, which names no library and no version of a symbol (GLIBC_2.34 and the like): then it fits every glibc and musl. */
    @ParameterizedTest
    @CsvSource({"x86_64, 62", "aarch64, 183"})
    void theNativeLibraryNeedsNoOther(String architecture, int machine) throws IOException {
        String name = "dev/ebb/memory/linux-" + architecture + "/libebb.so";
        assumeTrue(jar.getEntry(name) != null, "built without a compiler for " + architecture);
        ByteBuffer elf = ByteBuffer.wrap(jar.getInputStream(jar.getEntry(name)).readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(machine, elf.getShort(18)); // e_machine, man 5 elf
        int programHeaders = (int) elf.getLong(32);
        List<Long> needed = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        for (int i = 0; i < elf.getShort(56); i++) {
            int header = programHeaders + i * elf.getShort(54);
            for (int at = (int) elf.getLong(header + 8); elf.getInt(header) == 2 && elf.getLong(at) != 0; at += 16) { // PT_DYNAMIC, up to DT_NULL
                if (elf.getLong(at) == 1) { // DT_NEEDED
                    needed.add(elf.getLong(at + 8));
                }
                if (elf.getLong(at) == 0x6ffffffeL) { // DT_VERNEED
                    versions.add(elf.getLong(at + 8));
                }
            }
        }
        assertEquals(List.of(), needed);
        assertEquals(List.of(), versions);
    }

    @Test
    void isForOneReleaseAndNoModule() throws IOException {
        assertNull(jar.getManifest().getMainAttributes().getValue(Attributes.Name.MULTI_RELEASE));
        assertFalse(files().stream().anyMatch(name -> name.startsWith("META-INF/versions/") || name.endsWith("module-info.class")), () -> files().toString());
    }

    @Test
    void theManifestSaysWhatTheJvmNeeds() throws IOException {
        Attributes manifest = jar.getManifest().getMainAttributes();
        for (String entry : List.of("Premain-Class", "Agent-Class", "Main-Class")) {
            String type = manifest.getValue(entry);
            assertNotNull(type, entry);
            assertNotNull(jar.getEntry(type.replace('.', '/') + ".class"), type);
        }
        assertEquals("true", manifest.getValue("Can-Retransform-Classes"));
        assertEquals("true", manifest.getValue("Can-Redefine-Classes"));
        assertNotNull(manifest.getValue("Implementation-Version"));
        // either of them costs the program its CDS archive (FACTS 2)
        assertNull(manifest.getValue("Boot-Class-Path"));
        assertNull(manifest.getValue("Class-Path"));
    }

    /** The tool starts from the same jar; without a main method {@code java -jar} ends in a message that helps nobody. */
    @Test
    void theMainClassHasAMain() throws IOException {
        String type = jar.getManifest().getMainAttributes().getValue("Main-Class");
        List<String> constants = constants(read(type.replace('.', '/') + ".class"));
        assertTrue(constants.contains("main") && constants.contains("([Ljava/lang/String;)V"), type + " has no main method");
    }

    @Test
    void theServiceFileNamesOurBindingOnce() throws IOException {
        List<String> services = files().stream().filter(name -> name.startsWith("META-INF/services/")).toList();
        assertEquals(List.of("META-INF/services/dev.ebb.shaded.slf4j.spi.SLF4JServiceProvider"), services);
        assertEquals("dev.ebb.report.EbbServiceProvider", new String(read(services.get(0)), StandardCharsets.UTF_8).strip());
        assertNotNull(jar.getEntry("dev/ebb/report/EbbServiceProvider.class"));
    }

    /** That of the machine that built it, and of another if there was a compiler for it. */
    @Test
    void theNativeLibraryIsInside() throws IOException {
        List<String> libraries = files().stream().filter(name -> name.matches(".*\\.(so|dll|dylib)")).toList();
        String architecture = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        assertTrue(libraries.contains("dev/ebb/memory/linux-" + architecture + "/libebb.so"), libraries::toString);
        for (String library : libraries) {
            assertTrue(library.matches("dev/ebb/memory/linux-(x86_64|aarch64)/libebb\\.so"), libraries::toString);
            byte[] start = new byte[4];
            System.arraycopy(read(library), 0, start, 0, start.length);
            assertArrayEquals(new byte[] {0x7f, 'E', 'L', 'F'}, start);
        }
    }

    /** What we pass on, we pass on with the terms that its authors ask for. What is not below this package is ours, see {@link #holdsNothingOutsideOurPackages}. */
    @Test
    void eachLibraryHasANoticeAndItsLicence() throws IOException {
        Set<String> libraries = new TreeSet<>(List.of("dev/ebb/report/uPlot.iife.min.js", "dev/ebb/report/uPlot.min.css"));
        for (String name : files()) {
            if (name.startsWith("dev/ebb/shaded/")) {
                libraries.add(name.replaceFirst("dev/ebb/shaded/([^/]+)/.*", "dev.ebb.shaded.$1"));
            }
        }
        assertTrue(libraries.size() > 6, libraries::toString);
        for (String library : libraries) {
            Pattern name = Pattern.compile("(?<!\\S)" + Pattern.quote(library) + "(?![\\w.])");
            List<String> blocks = notices().stream().filter(block -> name.matcher(block).find()).toList();
            assertEquals(1, blocks.size(), () -> library + " in META-INF/NOTICE");
            assertTrue(blocks.get(0).contains("Copyright") || blocks.get(0).contains("Public domain"), blocks.get(0));
            assertEquals(1, licences(blocks.get(0)).size(), blocks.get(0));
        }
    }

    @Test
    void eachLicenceThatTheNoticeNamesIsThereAndNoOther() throws IOException {
        Set<String> named = new TreeSet<>();
        for (String block : notices()) {
            named.addAll(licences(block));
        }
        assertEquals(new TreeSet<>(files().stream().filter(name -> name.matches(".*/LICENSE[^/]*")).toList()), named);
        for (String licence : named) {
            String terms = new String(read(licence), StandardCharsets.UTF_8);
            assertTrue(terms.replaceAll("\\s+", " ").contains("\"AS IS\"") && terms.length() > 900, licence); // all of them disclaim warranties
        }
        String ours = new String(read("META-INF/LICENSE"), StandardCharsets.UTF_8);
        assertTrue(ours.contains("Apache License") && ours.contains("END OF TERMS AND CONDITIONS") && ours.contains("APPENDIX"), "the whole text");
    }

    /** A block for us, one of text, and one for each library. */
    private static List<String> notices() throws IOException {
        return List.of(new String(read("META-INF/NOTICE"), StandardCharsets.UTF_8).split("\n\n"));
    }

    private static Set<String> licences(String notice) {
        Set<String> files = new TreeSet<>();
        Matcher file = Pattern.compile("\\S+/LICENSE\\S*").matcher(notice);
        while (file.find()) {
            files.add(file.group());
        }
        return files;
    }

    @Test
    void isSmall(TestReporter reporter) throws IOException {
        long bytes = Files.size(AgentJvm.jar());
        reporter.publishEntry("ebb-agent.jar, bytes", String.valueOf(bytes));
        assertTrue(bytes <= 2 * MIB, () -> bytes + " bytes");
    }

    private static List<String> files() {
        return jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName).toList();
    }

    private static List<String> classes() {
        return files().stream().filter(name -> name.endsWith(".class")).toList();
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    /** All texts of a constant pool: names, descriptors, signatures and strings. */
    private static List<String> constants(byte[] type) {
        ClassReader reader = new ClassReader(type);
        List<String> texts = new ArrayList<>();
        for (int i = 1; i < reader.getItemCount(); i++) {
            int offset = reader.getItem(i);
            if (offset > 0 && reader.readByte(offset - 1) == 1) { // CONSTANT_Utf8
                texts.add(utf8(reader, offset));
            }
        }
        return texts;
    }

    private static String utf8(ClassReader reader, int offset) {
        byte[] text = new byte[reader.readUnsignedShort(offset)];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) reader.readByte(offset + 2 + i);
        }
        return new String(text, StandardCharsets.UTF_8);
    }
}
