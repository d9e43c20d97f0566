package segstore.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PictureTest {
    private static final Outcome REFUSED = new Outcome(Variant.ALL.get(0), Map.of("loadStartMs", "500",
            "timeoutMs", "3500", "loaderEndMs", "12500", "nextLoadStartMs", "42500", "nextLoad", "refused",
            "rssBeforeBytes", "104857600", "rssPeakBytes", "1178599424", "rssAfter30sBytes", "1178599424",
            "filesLeft", "6"), samples(1100), List.of());
    private static final Outcome ACCEPTED = new Outcome(Variant.ALL.get(3), Map.of("loadStartMs", "700",
            "loaderEndMs", "9500", "nextLoadStartMs", "42500", "nextLoad", "accepted", "recall", "0.96",
            "rssBeforeBytes", "104857600", "rssPeakBytes", "1153433600", "rssAfter30sBytes", "209715200",
            "filesLeft", "0", "fileBytesLeft", "0"), samples(200), List.of());
    private static final Outcome BROKEN = new Outcome(Variant.ALL.get(1), Map.of(), List.of(), List.of());

    @Test
    void theTableHasARowForEveryVariantEvenIfItsRunBroke() {
        List<String> lines = new Table(List.of(REFUSED, ACCEPTED, BROKEN)).toString().lines().toList();
        assertEquals(5, lines.size());
        assertEquals(1, lines.stream().map(String::length).distinct().count(), lines.toString());
        assertTrue(lines.get(2).contains(" 0.0 % "), lines.get(2));
        assertTrue(lines.get(3).contains(" 90.0 % ") && lines.get(3).contains(" 0.960 "), lines.get(3));
        assertTrue(lines.get(4).contains(" failed "), lines.get(4));
    }

    @Test
    void theChartIsWellFormedWithACurveForEveryRunThatLoaded() throws Exception {
        String svg = new Chart(List.of(REFUSED, ACCEPTED, BROKEN)).svg();
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
        assertEquals(2, document.getElementsByTagName("polyline").getLength());
        assertTrue(svg.contains("seconds since the load began") && svg.contains("MiB"));
        assertTrue(svg.contains("prefers-color-scheme: dark"));
    }

    private static List<Outcome.Sample> samples(long mib) {
        return List.of(new Outcome.Sample(0, 100 << 20), new Outcome.Sample(12_500, 1100 << 20),
                new Outcome.Sample(42_500, mib << 20));
    }
}
