package dev.ebb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private final Map<String, String> properties = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();

    @Test
    void defaultsAreThoseOfTheDesign() {
        Options options = read(null);
        assertEquals(List.of(), options.problems());
        assertTrue(options.enabled());
        assertEquals("rollback", options.mode());
        assertEquals(List.of(), options.loads());
        assertEquals(List.of(), options.closeRules());
        assertEquals(List.of(), options.deadlines());
        assertEquals(List.of("java.util.concurrent.TimeoutException", "java.net.SocketTimeoutException", "java.net.http.HttpTimeoutException",
            "java.nio.channels.InterruptedByTimeoutException", "java.util.concurrent.StructuredTaskScope$TimeoutException"), options.timeoutExceptions());
        assertEquals("timeout", options.rollbackOn());
        assertEquals(TimeUnit.SECONDS.toNanos(5), options.rollbackGraceNanos());
        assertTrue(options.rollbackClose() && options.rollbackDelete() && options.rollbackGc() && options.purge());
        assertEquals(List.of(), options.files());
        assertEquals(TimeUnit.SECONDS.toNanos(10), options.purgeIntervalNanos());
        assertEquals("info", options.logLevel());
        assertEquals("", options.logFile());
        assertFalse(options.logJson());
        assertEquals(TimeUnit.MINUTES.toNanos(5), options.logSummaryNanos());
        assertEquals("", options.nativePath());
        assertEquals(List.of(), options.ignore());
        assertEquals("", options.toString());
        for (Option option : Options.all()) {
            assertEquals("default", options.source(option), option.name());
        }
    }

    @Test
    void everyOptionCanBeEnumeratedWithNameDefaultAndMeaning() {
        Set<String> names = new HashSet<>();
        for (Option option : Options.all()) {
            assertTrue(names.add(option.name()), "twice: " + option.name());
            assertEquals("ebb." + option.name(), option.property());
            assertFalse(option.meaning().isEmpty(), option.name());
            assertFalse(option.meaning().contains("\n"), option.name());
        }
        assertEquals(41, names.size());
        assertEquals("EBB_ROLLBACK_ON", Options.ROLLBACK_ON.variable());
        assertEquals("EBB_LOG_FILE", Options.LOG_FILE.variable());
        assertThrows(UnsupportedOperationException.class, () -> Options.all().remove(0));
    }

    @Test
    void aDefaultWrittenOutMeansTheSameAsNone() {
        for (Option option : Options.all()) {
            if (option.available() && option != Options.CONFIG) {
                properties.put(option.property(), option.defaultText());
            }
        }
        Options options = read(null);
        assertEquals(List.of(), options.problems());
        assertEquals("", options.toString());
        assertEquals(read("").timeoutExceptions(), options.timeoutExceptions());
    }

    @Test
    void everyOptionIsReadFromTheArgumentString() {
        Options options = read("enabled=false,mode=observe,loads=a.B#m(java.lang.String,..);a.C#n,close=a.B#m => this.drop({0},{1}),load.timeout=a.B#m=30s;2m,timeout.exceptions=a.T,b.U,"
            + "rollback.on=failure,rollback.grace=250ms,rollback.close=off,rollback.delete=off,rollback.gc=off,files=/a:/b,/c/,purge=off,purge.interval=0,log.level=debug,"
            + "log.file=/var/log/ebb.log,log.format=json,log.summary=off,native.path=/opt/e.so,ignore=org.slf4j.,x.Y");
        assertEquals(List.of(), options.problems());
        assertFalse(options.enabled());
        assertEquals("observe", options.mode());
        assertEquals("[a.B#m(java.lang.String,..), a.C#n]", options.loads().toString());
        assertEquals(List.of(0, 1), options.closeRules().get(0).arguments());
        assertEquals(2, options.deadlines().size());
        assertEquals(List.of("a.T", "b.U"), options.timeoutExceptions());
        assertEquals("failure", options.rollbackOn());
        assertEquals(250_000_000, options.rollbackGraceNanos());
        assertFalse(options.rollbackClose() || options.rollbackDelete() || options.rollbackGc() || options.purge());
        assertEquals(List.of("/a", "/b", "/c"), options.files());
        assertEquals(0, options.purgeIntervalNanos());
        assertEquals("debug", options.logLevel());
        assertEquals("/var/log/ebb.log", options.logFile());
        assertTrue(options.logJson());
        assertEquals(0, options.logSummaryNanos());
        assertEquals("/opt/e.so", options.nativePath());
        assertEquals(List.of("org.slf4j.", "x.Y"), options.ignore());
        assertEquals("agent argument", options.source(Options.MODE));
    }

    @Test
    void theTextGivesTheSameOptionsBack() {
        environment.put("EBB_PURGE", "FALSE");
        properties.put("ebb.loads", "a.B#m(int,..) as {0}, seen by {this}; @c.D ;a.E+#load*");
        Options options = read("close=a.B#m => shutdown() unpublished;a.C#n=>this.drop({0},{2}),load.timeout=1m;a.B#m=30s,files=/a:/b;/c,rollback.on=never,mode=nonsense");
        Options again = Options.read(options.toString(), Map.of(), Map.of());
        assertEquals(List.of(), again.problems());
        assertEquals(options.toString(), again.toString());
        assertEquals(options.loads().toString(), again.loads().toString());
        assertEquals(options.closeRules().get(1).arguments(), again.closeRules().get(1).arguments());
        assertEquals(options.files(), again.files());
        assertEquals("never", again.rollbackOn());
        assertFalse(again.purge());
        assertFalse(options.toString().contains("mode"), "a refused value is not effective: " + options);
    }

    @Test
    void aPropertyBeatsAnArgumentBeatsAVariable() {
        environment.put("EBB_MODE", "off");
        environment.put("EBB_LOG_LEVEL", "warn");
        environment.put("EBB_LOG_FORMAT", "json");
        properties.put("ebb.mode", "observe");
        Options options = read("mode=rollback,ebb.log.level=debug");
        assertEquals("observe", options.mode());
        assertEquals("system property", options.source(Options.MODE));
        assertEquals("debug", options.logLevel());
        assertEquals("agent argument", options.source(Options.LOG_LEVEL));
        assertTrue(options.logJson());
        assertEquals("environment", options.source(Options.LOG_FORMAT));
        assertEquals(List.of(), options.problems());
    }

    @Test
    void ofEqualArgumentsTheLastCounts() {
        assertEquals("observe", read("mode=off,mode=observe").mode());
    }

    @Test
    void anEmptyVariableIsNotSet() {
        environment.put("EBB_MODE", "");
        assertEquals("default", read(null).source(Options.MODE));
        assertEquals(List.of(), read(null).problems());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rollback.grace | 5sec | is not a duration such as 500ms, 5s or 2m; the default 5s is used",
        "rollback.grace | -5s | is not a duration such as 500ms, 5s or 2m; the default 5s is used",
        "rollback.grace | 5 | is not a duration such as 500ms, 5s or 2m; the default 5s is used",
        "purge.interval | off | is not a duration such as 500ms, 5s or 2m; the default 10s is used",
        "mode | watch | is not rollback, observe or off; the default rollback is used",
        "rollback.on | error | is not timeout, failure or never; the default timeout is used",
        "log.level | trace | is not debug, info, warn or error; the default info is used",
        "log.format | xml | is not text or json; the default text is used",
        "purge | maybe | is not on or off; the default on is used",
        "enabled | no | is not true or false; the default true is used",
    })
    void aBadValueIsNamedWithItsSourceAndTheDefaultIsUsed(String name, String value, String text) {
        properties.put("ebb." + name, value);
        Options options = read(null);
        assertEquals(List.of("ebb." + name + "=" + value + " (system property) " + text), options.problems());
        assertEquals("", options.toString());
        assertEquals("default", options.source(option(name)));
    }

    @Test
    void aBadValueDoesNotUncoverTheOneOfAWeakerSource() {
        properties.put("ebb.mode", "watch");
        assertEquals("rollback", read("mode=off").mode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "loads | a.B | has no #method; write pkg.Class#method",
        "loads | #m | has no class; write pkg.Class#method",
        "close | a.B#m | 'has no =>; write pkg.Class#load => destroy(), => this.drop({0}) or => shutdown() unpublished'",
        "load.timeout | a.B#m=soon | 'has no duration such as 500ms, 5s or 2m; write pkg.Class#method=30s, or 30s for all loads'",
        "files | ../x | is no absolute path below / without . and ..",
        "files | / | is no absolute path below / without . and ..",
        "files | // | is no absolute path below / without . and ..",
        "files | /a/../.. | is no absolute path below / without . and ..",
        "timeout.exceptions | 1Bad | is no class name",
        "ignore | a..b | is no class name",
    })
    void aBadEntryIsLeftOutAndNamed(String name, String entry, String text) {
        environment.put(option(name).variable(), entry);
        Options options = read(null);
        assertEquals(List.of("ebb." + name + " (environment): \"" + entry + "\" " + text + "; this entry is ignored"), options.problems());
        assertEquals(read(null).toString(), "");
        assertEquals(5, options.timeoutExceptions().size());
    }

    @Test
    void goodEntriesBesideABadOneStay() {
        Options options = read("loads=a.B#m;oops;c.D#n,files=/a:b:/c");
        assertEquals("[a.B#m, c.D#n]", options.loads().toString());
        assertEquals(List.of("/a", "/c"), options.files());
        assertEquals(2, options.problems().size());
        assertEquals("loads=a.B#m;c.D#n,files=/a:/c", options.toString());
    }

    @Test
    void deadlinesForPatternsComeBeforeTheOneForAll() {
        List<DeadlineRule> rules = read("load.timeout=10s;a.B#m=30s;a.C#n=0").deadlines();
        assertEquals("a.B#m", rules.get(0).pattern().toString());
        assertEquals(TimeUnit.SECONDS.toNanos(30), rules.get(0).nanos());
        assertEquals(0, rules.get(1).nanos());
        assertEquals(null, rules.get(2).pattern());
        assertEquals(TimeUnit.SECONDS.toNanos(10), rules.get(2).nanos());
        assertEquals(3, rules.size());
    }

    @Test
    void misspeltNamesAreToldFromStrangeOnes() {
        properties.put("ebb.rolback.on", "never");
        Options options = read("mod=off,quite.another.thing=1");
        assertEquals(List.of("ebb.rolback.on is not an option of Ebb; did you mean ebb.rollback.on?", "ebb.mod is not an option of Ebb; did you mean ebb.mode?",
            "ebb.quite.another.thing is not an option of Ebb; remove it, or see the table of options"), options.problems());
    }

    @Test
    void variablesOfOtherSoftwareAreLeftInPeace() {
        environment.put("EBB_HOME", "/opt/ebb");
        environment.put("EBB_DATABASE_URL", "x");
        assertEquals(List.of(), read(null).problems());
        environment.put("EBB_ROLBACK_ON", "never");
        environment.put("EBB_FILE", "/x");
        assertEquals(List.of("EBB_FILE is not an option of Ebb; did you mean EBB_FILES?", "EBB_ROLBACK_ON is not an option of Ebb; did you mean EBB_ROLLBACK_ON?"), read(null).problems());
    }

    @Test
    void anOptionOfALaterVersionIsReportedOnceWhenItIsSet() {
        properties.put("ebb.rollback.unsafe", "on");
        environment.put("EBB_ROLLBACK_UNSAFE", "on");
        assertEquals(List.of("ebb.rollback.unsafe is not available in this version and is ignored"), read("rollback.unsafe=on").problems());
    }

    @Test
    void metricsAreOffAndOfTheLoopbackInterfaceUnlessAnAddressIsGiven() {
        assertEquals(null, read(null).http());
        assertEquals(null, read("http=OFF").http());
        assertEquals(new HttpAddress("127.0.0.1", 9404), read("http=9404").http());
        assertEquals(new HttpAddress("127.0.0.1", 0), read("http=:0").http());
        assertEquals(new HttpAddress("0.0.0.0", 9404), read("http=0.0.0.0:9404").http());
        assertEquals(new HttpAddress("::1", 9404), read("http=[::1]:9404").http());
        for (String bad : List.of("on", "localhost", "localhost:", "::1:9404", "127.0.0.1:65536", "http://localhost:9404", "9404/metrics")) {
            Options options = read("http=" + bad);
            assertEquals(null, options.http(), bad);
            assertEquals(List.of("ebb.http=" + bad + " (agent argument) is not host:port, a port from 0 to 65535, or off; the default off is used"), options.problems());
        }
    }

    @Test
    void reportsAreOffUnlessADirectoryIsGivenAndTheirLimitsAreChecked() {
        assertEquals("", read(null).reportDir());
        properties.put("ebb.report.dir", "reports");
        properties.put("ebb.report.size", "2m");
        properties.put("ebb.report.keep", "0");
        Options options = read(null);
        assertEquals("reports 2097152 100", options.reportDir() + " " + options.reportBytes() + " " + options.reportKeep());
        assertEquals(List.of("ebb.report.keep=0 (system property) is not a number from 1 to 10000; the default 100 is used"), options.problems());
    }

    @Test
    void aPieceThatIsNoArgumentIsNamed() {
        Options options = read("observe,purge=off");
        assertEquals(List.of("the agent argument \"observe\" is not name=value and is ignored; write for example mode=observe"), options.problems());
        assertFalse(options.purge());
    }

    private Options read(String arguments) {
        return Options.read(arguments, properties, environment);
    }

    private static Option option(String name) {
        return Options.all().stream().filter(option -> option.name().equals(name)).findFirst().orElseThrow();
    }
}
