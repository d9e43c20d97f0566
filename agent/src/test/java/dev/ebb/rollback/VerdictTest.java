package dev.ebb.rollback;

import dev.ebb.load.Block;
import dev.ebb.load.CreatedFile;
import dev.ebb.load.Event;
import dev.ebb.load.Load;
import dev.ebb.load.Memory;
import dev.ebb.load.Purged;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.Site;
import dev.ebb.load.TrackedResource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where the bytes of a load are, from constructed ledgers and figures. */
class VerdictTest {
    private static final long MIB = 1 << 20;

    private final Load load = new Load(1, new Site(0, "Loader#load", null, false, null, 0, false), "-", null, 100 * MIB);
    private final Case c = new Case(load);

    /**
     * RSS was 100 MiB. All in MiB, -1 for unknown; of the rise everything that is not there any more was given back by rungs. The tolerance is 16 MiB and 5 %.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
        WHAT,                                  PEAK, ANONYMOUS, AFTER, HEAP, OTHERS, CACHED, SHARED, PAGES, VERDICT
        all is back,                            500,       400,   100,    0,      0,      0,      0,     0, returned
        all but noise,                          500,       400,   136,    0,      0,      0,      0,     0, returned
        more than noise,                        500,       400,   137,    0,      0,      0,      0,     0, unexplained
        the heap grew,                          500,       400,   300,  180,      0,      0,      0,     0, returned
        another load has more,                  500,       400,   300,    0,    190,      0,      0,     0, returned
        both and the allocator,                 500,       400,   450,  100,    100,     90,      0,     0, held-by-allocator
        the allocator keeps it,                 500,       400,   400,    0,      0,    280,      0,     0, held-by-allocator
        the allocator keeps less than half,     500,       400,   400,    0,      0,    150,      0,     0, unexplained
        the allocator does not tell,            500,       400,   400,    0,      0,     -1,     -1,    -1, unexplained
        native code maps files,                 500,        10,   400,    0,      0,      0,    290,     0, mapped
        native code maps little,                500,       300,   400,    0,      0,      0,    140,     0, unexplained
        files in the cache and no memory,       110,         5,   105,    0,      0,      0,      0,   400, page-cache
        mapped and let go of,                   500,        10,   110,    0,      0,      0,      5,   400, page-cache
        memory is back and files in the cache,  500,       400,   110,    0,      0,      0,      0,   400, returned
        few files in the cache,                 110,         5,   105,    0,      0,      0,      0,    10, returned
        nobody knows what was anonymous,        110,        -1,   105,    0,      0,      0,      0,   400, returned
        memory stays and files in the cache,    500,       400,   400,    0,      0,      0,      0,   400, unexplained
        it took nothing,                        100,         0,   100,    0,      0,      0,      0,     0, returned
        RSS is not known now,                   500,       400,     0,    0,      0,      0,      0,     0, unexplained
        """)
    void whereTheLedgerHasNothingRssDecides(String what, long peak, long anonymous, long after, long heap, long others, long cached, long shared, long pages, String verdict) {
        assertEquals(verdict, verdict(peak, anonymous, after, heap, others, cached, shared, pages).text());
    }

    @Test
    void whatTheProgramReachesIsHeldByTheHeap() {
        load.ledger().add(new Block(load, ResourceKind.DIRECT, 4096, 30 * MIB));
        assertHolder("held-by-heap", "1 direct buffers");
    }

    @Test
    void anOpenFileIsHeldByTheHeap() {
        ObjectResource file = new ObjectResource(load, ResourceKind.FILE, this, "/path");
        load.ledger().add(file);
        assertHolder("held-by-heap", "1 open files");
        load.ledger().release(file);
        assertEquals("returned", back().text());
    }

    @Test
    void unsafeMemoryIsHeldByTheHeap() {
        load.ledger().add(new Block(load, ResourceKind.UNSAFE, 4096, 30 * MIB));
        assertHolder("held-by-heap", "1 blocks of sun.misc.Unsafe memory");
    }

    @Test
    void aTrackedHandleIsHeldByTheHeap() {
        load.ledger().add(new TrackedResource(load, this));
        assertHolder("held-by-heap", "VerdictTest of ebb.track");
    }

    @Test
    void aMappingThatIsKeptIsMapped() {
        load.ledger().add(new Block(load, ResourceKind.MAPPED, 4096, 30 * MIB));
        assertHolder("mapped", "1 mappings");
    }

    @Test
    void filesThatAreLeftAreOnDisk() {
        load.ledger().add(new CreatedFile(load, "/path", "key", true));
        c.undeletedFiles = 1;
        assertHolder("on-disk", "name their directory in ebb.files");
        c.filesWait = true;
        assertHolder("on-disk", "while another load of the same thing goes on");
    }

    /** What holds memory is worse than a file. */
    @Test
    void buffersComeBeforeMappingsAndTheseBeforeFiles() {
        c.undeletedFiles = 1;
        Block mapping = new Block(load, ResourceKind.MAPPED, 4096, 30 * MIB);
        Block buffer = new Block(load, ResourceKind.DIRECT, 8192, 30 * MIB);
        load.ledger().add(mapping);
        load.ledger().add(buffer);
        assertEquals("held-by-heap", back().text());
        load.ledger().release(buffer);
        assertEquals("mapped", back().text());
        load.ledger().release(mapping);
        assertEquals("on-disk", back().text());
    }

    @Test
    void withoutAFigureFromBeforeItSaysSo() {
        Load early = new Load(2, load.site(), "-", null, 0);
        Case of = new Case(early);
        of.judgement = Judge.Judgement.TIMED_OUT;
        Balance balance = new Balance(new Balance.Rss(0, 500 * MIB, -1, resident(400)), new Balance.Given(0, 0, 0), new Balance.Known(0, 0, 0, false, 0, -1, -1, -1));
        Verdict verdict = Verdict.of(of, balance);
        assertEquals("unexplained", verdict.text());
        assertTrue(verdict.holders().get(0).contains("RSS is not known as it was before the load"), () -> verdict.holders().toString());
        assertNull(value(verdict.event(of, balance), "ebb"));
    }

    @Test
    void whatIsKnownOfTheUnexplainedIsSaid() {
        c.account = Purged.bare("none", "skipped", 0, 0, "the allocator cannot be asked");
        c.hugePageBytes = 200 * MIB;
        List<String> holders = verdict(500, 400, 400, 0, 0, -1, -1, -1).holders();
        assertTrue(holders.get(0).contains("cannot be asked") && holders.get(1).startsWith("200.0 MiB of RSS are transparent huge pages"), holders.toString());
    }

    /** The engine's handle was a local variable of the load's. */
    @Test
    void whatACheckpointMayHaveLostIsSaid() {
        load.stop().countThrown();
        assertHolder("returned", "[]");
        String holders = verdict(500, 400, 400, 0, 0, -1, -1, -1).holders().toString();
        assertTrue(holders.contains("ended the load at a checkpoint before it returned") && holders.contains("ebb.track"), holders);
    }

    /** RSS is 300 MiB above what it was. */
    @Test
    void classesAreNamedIfMostOfWhatStaysIsTheirs() {
        Verdict verdict = Verdict.of(c, withClasses(160));
        assertEquals("held-by-heap", verdict.text());
        assertTrue(verdict.holders().get(0).startsWith("160.0 MiB more of metaspace"), () -> verdict.holders().toString());
        assertEquals("unexplained", Verdict.of(c, withClasses(140)).text());
        assertEquals(160 * MIB, withClasses(160).accountedBytes());
    }

    private static Balance withClasses(long mebibytes) {
        return new Balance(new Balance.Rss(100 * MIB, 500 * MIB, 400 * MIB, resident(400)), new Balance.Given(0, 100 * MIB, 0),
            new Balance.Known(0, 0, 0, false, 0, 0, mebibytes * MIB, 0));
    }

    @Test
    void theLineCarriesTheSum() {
        c.judgement = Judge.Judgement.TIMED_OUT;
        load.sawRss(500 * MIB, 50 * MIB);
        Balance balance = balance(500, 400, 120, 5, 0, 3, 2, -1);
        Event event = Verdict.of(c, balance).event(c, balance);
        assertEquals(380 * MIB, value(event, "fellBytes"));
        assertEquals(380 * MIB, value(event, "byStepBytes"));
        assertEquals(8 * MIB, value(event, "accountedBytes"));
        assertEquals(12 * MIB, value(event, "unexplainedBytes"));
        assertEquals(3 * MIB, value(event, "cachedBytes"));
        assertEquals(120 * MIB, (Long) value(event, "rssAnonBytes") + (Long) value(event, "rssFileBytes") + (Long) value(event, "rssShmemBytes"));
        assertTrue(event.fields().stream().noneMatch(field -> field.name().equals("pageCacheBytes")), "what is not known is left out");
    }

    private void assertHolder(String verdict, String holder) {
        Verdict found = back();
        assertEquals(verdict, found.text());
        assertTrue(found.holders().toString().contains(holder), () -> found.holders().toString());
    }

    private Verdict back() {
        return verdict(500, 400, 100, 0, 0, 0, 0, 0);
    }

    private Verdict verdict(long peak, long anonymous, long after, long heap, long others, long cached, long shared, long pages) {
        return Verdict.of(c, balance(peak, anonymous, after, heap, others, cached, shared, pages));
    }

    private static Balance balance(long peak, long anonymous, long after, long heap, long others, long cached, long shared, long pages) {
        return new Balance(new Balance.Rss(100 * MIB, peak * MIB, mib(anonymous), resident(after)), new Balance.Given(0, (peak - after) * MIB, 0),
            new Balance.Known(0, heap * MIB, others * MIB, false, mib(cached), mib(shared), 0, mib(pages)));
    }

    private static Memory.Resident resident(long total) {
        return new Memory.Resident(total * MIB, total * MIB * 3 / 4, total * MIB / 4, 0);
    }

    private static long mib(long value) {
        return value < 0 ? -1 : value * MIB;
    }

    private static Object value(Event event, String field) {
        return event.fields().stream().filter(f -> f.name().equals(field)).findFirst().orElseThrow().value();
    }
}
