package dev.ebb.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which addresses the JVM uses for what, by its own diagnostic commands VM.info and {@code VM.metaspace vslist} (JDK 17 to 25, all collectors). A line that a later JDK words in
 * another way is not found: then its bytes are unexplained, and not attributed wrongly.
 */
final class JvmLayout {
    private static final String HEX = "0x([0-9a-f]+)";
    private static final Pattern HEAP_SIZE = Pattern.compile("(?m)^Heap address: " + HEX + ", size: (\\d+) MB");
    /** Of Serial, Parallel and Shenandoah, which print their generations or their one region; of G1, which prints a total. */
    private static final Pattern HEAP_RANGE = Pattern.compile("(?m)^ .*(?:heap +total|space \\d+K,|generation +total|  total \\d+K).*\\[" + HEX + ", ?" + HEX + "(?:, ?" + HEX + ")?\\)");
    private static final Pattern SHENANDOAH = Pattern.compile("Reserved region:\\s+- \\[" + HEX + ", " + HEX + "\\)");
    private static final Pattern ARCHIVE = Pattern.compile("CDS archive\\(s\\) mapped at: \\[" + HEX + "-" + HEX + "-" + HEX + "\\)");
    private static final Pattern CLASS_SPACE = Pattern.compile("Compressed class space mapped at: " + HEX + "-" + HEX);
    private static final Pattern CODE = Pattern.compile("(?m)^ bounds \\[" + HEX + ", " + HEX + ", " + HEX + "\\]");
    private static final Pattern CARDS = Pattern.compile("Card table byte_map: \\[" + HEX + ", ?" + HEX + "\\]");
    private static final Pattern BITS = Pattern.compile("(?m)^ *(?:Prev |Next |Begin |End )?Bits: *\\[" + HEX + ", ?" + HEX + "\\)");
    private static final Pattern NODE = Pattern.compile("node #\\d+: base " + HEX + ": reserved=([0-9.]+) (KB|MB|GB)");
    private static final Pattern USED = Pattern.compile("(?:heap +total|ZHeap).* used (\\d+)([KM])");
    private static final Pattern COMMAND_LINE = Pattern.compile("(?m)^(?:Command Line|jvm_args): (.*)$");

    private record Range(long from, long to) {
        boolean contains(long address) {
            return address >= from && address < to;
        }
    }

    private final String info;
    private final List<Range> heap = new ArrayList<>();
    private final List<Range> metaspace = new ArrayList<>();
    private final List<Range> code = new ArrayList<>();
    private final List<Range> gc = new ArrayList<>();

    /** @param info the answer to VM.info; @param classes the answer to {@code VM.metaspace vslist}; either may be empty */
    JvmLayout(String info, String classes) {
        this.info = info;
        add(heap, HEAP_RANGE);
        add(heap, SHENANDOAH);
        Matcher size = HEAP_SIZE.matcher(info);
        if (size.find()) {
            long from = hex(size.group(1));
            heap.add(new Range(from, from + (Long.parseLong(size.group(2)) << 20)));
        }
        add(metaspace, ARCHIVE);
        add(metaspace, CLASS_SPACE);
        Matcher node = NODE.matcher(classes);
        while (node.find()) {
            metaspace.add(new Range(hex(node.group(1)), hex(node.group(1)) + bytes(node.group(2), node.group(3))));
        }
        add(code, CODE);
        add(gc, CARDS);
        add(gc, BITS);
    }

    private void add(List<Range> ranges, Pattern pattern) {
        Matcher matcher = pattern.matcher(info);
        while (matcher.find()) {
            int last = matcher.groupCount() > 2 && matcher.group(3) != null ? 3 : 2;
            ranges.add(new Range(hex(matcher.group(1)), hex(matcher.group(last))));
        }
    }

    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    private static long bytes(String number, String unit) {
        return (long) (Double.parseDouble(number) * (unit.equals("KB") ? 1L << 10 : unit.equals("MB") ? 1L << 20 : 1L << 30));
    }

    boolean isHeap(Region region) {
        return isIn(heap, region) || region.path().contains("java_heap");
    }

    boolean isMetaspace(Region region) {
        return isIn(metaspace, region) || region.path().endsWith(".jsa");
    }

    boolean isCode(Region region) {
        return isIn(code, region);
    }

    boolean isGc(Region region) {
        return isIn(gc, region);
    }

    private static boolean isIn(List<Range> ranges, Region region) {
        for (Range range : ranges) {
            if (range.contains(region.from())) {
                return true;
            }
        }
        return false;
    }

    /** In use in the Java heap, garbage included; -1 if unknown. */
    long heapUsedBytes() {
        long used = 0;
        Matcher matcher = USED.matcher(info);
        if (matcher.find()) {
            used = Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("K") ? 10 : 20);
        }
        return used == 0 ? -1 : used;
    }

    /** What the JVM was started with; empty if unknown. */
    String commandLine() {
        Matcher matcher = COMMAND_LINE.matcher(info);
        StringBuilder all = new StringBuilder();
        while (matcher.find()) {
            all.append(matcher.group(1)).append(' ');
        }
        return all.toString();
    }

    boolean isKnown() {
        return !heap.isEmpty() || !code.isEmpty();
    }
}
