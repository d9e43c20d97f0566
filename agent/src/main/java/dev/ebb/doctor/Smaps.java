package dev.ebb.doctor;

import java.util.ArrayList;
import java.util.List;

/** Reads the text of /proc/PID/smaps (man 5 proc). Where the kernel walks the pages, it takes 17 ms a GiB. */
final class Smaps {
    private Smaps() { }

    static List<Region> parse(String text) {
        List<Region> regions = new ArrayList<>();
        String head = null;
        long resident = 0;
        long huge = 0;
        long lazy = 0;
        long swapped = 0;
        for (String line : text.split("\n")) {
            int colon = line.indexOf(':');
            if (isHead(line)) {
                add(regions, head, resident, huge, lazy, swapped);
                head = line;
                resident = huge = lazy = swapped = 0;
            } else if (colon > 0) {
                switch (line.substring(0, colon)) {
                    case "Rss" -> resident = bytes(line);
                    case "AnonHugePages", "ShmemPmdMapped", "FilePmdMapped" -> huge += bytes(line);
                    case "LazyFree" -> lazy = bytes(line);
                    case "Swap" -> swapped = bytes(line);
                    default -> { }
                }
            }
        }
        add(regions, head, resident, huge, lazy, swapped);
        return regions;
    }

    /** {@code 7f0000000000-7f0000021000 rw-p ...}: no name of a figure has a hyphen before its first blank and a small letter or digit first. */
    private static boolean isHead(String line) {
        int dash = line.indexOf('-');
        return dash > 0 && dash <= 16 && Character.digit(line.charAt(0), 16) >= 0 && !Character.isUpperCase(line.charAt(0)) && line.indexOf(' ') > dash;
    }

    private static void add(List<Region> regions, String head, long resident, long huge, long lazy, long swapped) {
        if (head != null) {
            String[] columns = head.split(" +", 6);
            int dash = columns[0].indexOf('-');
            regions.add(new Region(Long.parseUnsignedLong(columns[0].substring(0, dash), 16), Long.parseUnsignedLong(columns[0].substring(dash + 1), 16), columns[1],
                columns.length > 5 ? columns[5] : "", resident, huge, lazy, swapped));
        }
    }

    /** From {@code Rss:   1234 kB}. */
    private static long bytes(String line) {
        long kibibytes = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c >= '0' && c <= '9') {
                kibibytes = kibibytes * 10 + c - '0';
            }
        }
        return kibibytes * 1024;
    }
}
