package dev.ebb.doctor;

import dev.ebb.load.MemoryAccount;
import dev.ebb.load.MemoryAccount.Finding;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the doctor finds in constructed processes: there when its cause is, with its remedy, and not when it is not. */
class FindingsTest {
    private static final long MIB = 1 << 20;
    private static final String JEMALLOC = "jemalloc 5.3.0";
    private static final String QUIET = "background_thread=true narenas=8";

    private String reports = "";
    private String jvm = "";
    private String hugePages = "always [madvise] never";
    private Map<String, String> environment = Map.of();

    /** Bytes in MiB: allocated, whole free pages, caches of threads, free room beside live blocks. */
    private void allocator(boolean servesMalloc, String name, String settings, long allocated, long free, long threads, long fragments, long arenas) {
        long active = allocated + threads + fragments;
        String values = "";
        for (long mebibytes : new long[] {allocated, active, active + free, active + free, 0, 0, free, free + threads + fragments, free, 0, threads, fragments}) {
            values += mebibytes * MIB + " ";
        }
        reports += "allocator\t" + (servesMalloc ? 1 : 0) + "\t" + name + "\t/lib/" + name.substring(0, name.indexOf(' ')) + ".so\t" + settings + "\t" + values + arenas + "\n";
    }

    private List<Finding> findings() {
        String smaps = "7f0000000000-7f0040000000 rw-p 00000000 00:00 0 \nRss:             1048576 kB\n";
        ProcessFacts facts = new ProcessFacts(smaps, jvm, "", reports.isEmpty() ? "" : "ebb-report 1\n" + reports + "direct\t0\nend\n", environment, new Container(-1, -1, 2), hugePages, "");
        MemoryAccount account = Examiner.examine(facts);
        assertEquals(1024 * MIB, account.residentBytes());
        return account.findings();
    }

    private void assertFound(String cause, long mebibytes, String what, String remedy) {
        Finding found = findings().stream().filter(f -> f.cause().equals(cause)).findFirst().orElseThrow(() -> new AssertionError("no " + cause + " in " + findings()));
        assertEquals(mebibytes * MIB, found.bytes());
        assertTrue(found.what().contains(what) && found.remedy().contains(remedy), found::toString);
    }

    private void assertNotFound(String cause) {
        assertTrue(findings().stream().noneMatch(found -> found.cause().equals(cause)), () -> findings().toString());
    }

    @Test
    void jemallocWithoutABackgroundThread() {
        allocator(true, JEMALLOC, "background_thread=false narenas=8", 100, 0, 0, 0, -1);
        assertFound("background-thread", 0, "runs without background_thread", "MALLOC_CONF=background_thread:true");
        reports = "";
        allocator(true, JEMALLOC, QUIET, 100, 0, 0, 0, -1);
        assertNotFound("background-thread");
        reports = "";
        allocator(false, JEMALLOC, "background_thread=false", 100, 0, 0, 0, -1);
        assertNotFound("background-thread"); // a library's own is not the program's to set
    }

    @Test
    void moreArenasThanTheContainerHasProcessorsFor() {
        allocator(true, JEMALLOC, "background_thread=true narenas=9", 100, 0, 0, 0, -1);
        assertFound("narenas", 0, "room for 9 arenas, and the container 2 processors", "MALLOC_CONF=narenas:8");
        reports = "";
        allocator(true, JEMALLOC, QUIET, 100, 0, 0, 0, -1);
        assertNotFound("narenas");
    }

    @Test
    void manyArenasOfGlibcUnlessTheyAreLimited() {
        allocator(true, "glibc 2.36", "", 100, 0, 0, 0, 5);
        assertFound("malloc-arenas", 0, "has made 5 arenas for 2 processors", "MALLOC_ARENA_MAX=2");
        environment = Map.of("MALLOC_ARENA_MAX", "5");
        assertNotFound("malloc-arenas");
        environment = Map.of("GLIBC_TUNABLES", "glibc.malloc.arena_max=5");
        assertNotFound("malloc-arenas");
        environment = Map.of();
        reports = "";
        allocator(true, "glibc 2.36", "", 100, 0, 0, 0, 4);
        assertNotFound("malloc-arenas");
    }

    @Test
    void hugePagesForEverybody() {
        allocator(true, "glibc 2.36", "", 100, 0, 0, 0, 1);
        assertNotFound("thp-always");
        hugePages = "[always] madvise never";
        assertFound("thp-always", 0, "on for everybody", "madvise > /sys/kernel/mm/transparent_hugepage/enabled");
    }

    @Test
    void aTrimWouldReturnSomething() {
        allocator(true, "glibc 2.36", "", 100, 300, 0, 0, 1);
        assertFound("allocator-cached", 300, "a trim returns them", "jcmd PID System.trim_native_heap");
        reports = "";
        allocator(true, "glibc 2.36", "", 100, 30, 0, 0, 1); // less than 3 % of RSS
        assertNotFound("allocator-cached");
    }

    @Test
    void aPurgeWouldReturnSomething() {
        allocator(true, JEMALLOC, "background_thread=false", 100, 300, 0, 0, -1);
        assertFound("allocator-cached", 300, "with idle ones for ever", "MALLOC_CONF=background_thread:true");
        reports = "";
        allocator(true, "tcmalloc gperftools 2.10", "", 100, 300, 0, 0, -1);
        assertFound("allocator-cached", 300, "returns none by itself", "TCMALLOC_RELEASE_RATE=10");
        reports = "";
        allocator(true, "glibc 2.36", "", 100, 0, 0, 0, 1);
        allocator(false, "jemalloc ~5.3", "", 100, 300, 0, 0, -1);
        assertFound("private-allocator-cached", 300, "jemalloc ~5.3 inside /lib/jemalloc.so", "MALLOC_CONF of the program does not reach it");
    }

    @Test
    void cachesOfThreadsAndFragments() {
        allocator(true, JEMALLOC, QUIET, 100, 0, 200, 150, -1);
        assertFound("thread-caches", 200, "no purge reaches those", "tcache");
        assertFound("fragmentation", 150, "no purge returns it", "survivors");
    }

    @Test
    void theWrongAllocatorIsTrimmed() {
        jvm = "jvm_args: -XX:TrimNativeHeapInterval=60000 \n";
        allocator(true, "glibc 2.36", "", 100, 0, 0, 0, 1);
        assertNotFound("wrong-allocator-trimmed");
        reports = "";
        allocator(true, JEMALLOC, QUIET, 100, 0, 0, 0, -1);
        assertFound("wrong-allocator-trimmed", 0, "malloc is served by jemalloc", "leave the option out; MALLOC_CONF=background_thread:true");
        allocator(false, "glibc 2.36", "", 100, 0, 0, 0, 1);
        assertFound("wrong-allocator-trimmed", 0, "only what calls glibc past it is there", "reaches nothing of jemalloc 5.3.0; MALLOC_CONF=background_thread:true");
        assertTrue(findings().stream().noneMatch(found -> found.remedy().contains("leave the option out")), () -> findings().toString());
        jvm = "";
        assertNotFound("wrong-allocator-trimmed");
    }

    @Test
    void mimallocReturnsLateUnlessToldOtherwise() {
        allocator(true, "mimalloc 2.0.9", "", -1, -1, -1, -1, -1);
        assertFound("mimalloc-delay", 0, "in which one block lives", "MIMALLOC_DECOMMIT_DELAY=0");
        environment = Map.of("MIMALLOC_DECOMMIT_DELAY", "0");
        assertNotFound("mimalloc-delay");
    }
}
