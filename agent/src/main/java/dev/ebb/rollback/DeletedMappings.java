package dev.ebb.rollback;

import dev.ebb.load.Block;
import dev.ebb.load.Ledger;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Which mappings of a load are of files that have no name any more: they hold their space on disk as well. By /proc/self/maps (man 5 proc). */
final class DeletedMappings {
    private static final String DELETED = " (deleted)";

    private DeletedMappings() { }

    /** @return -1 if the load has nothing mapped, or the system does not tell */
    static long bytes(Ledger ledger) {
        List<Block> mapped = new ArrayList<>();
        if (ledger.recordedBytes(ResourceKind.MAPPED) > 0) {
            for (Resource resource : ledger.live()) {
                if (resource.kind() == ResourceKind.MAPPED) {
                    mapped.add((Block) resource);
                }
            }
        }
        return mapped.isEmpty() ? -1 : bytes(mapped);
    }

    private static long bytes(List<Block> mapped) {
        long bytes = 0;
        // a stream: the first file channel of a JVM opens a socket that stays
        try (BufferedReader maps = new BufferedReader(new InputStreamReader(new FileInputStream("/proc/self/maps"), StandardCharsets.ISO_8859_1))) {
            for (String line = maps.readLine(); line != null; line = maps.readLine()) {
                bytes += line.endsWith(DELETED) ? overlap(line, mapped) : 0;
            }
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
        return bytes;
    }

    /** @param line as {@code 7f00-7f01 r--s 00000000 fe:00 1234    /path (deleted)} */
    private static long overlap(String line, List<Block> mapped) {
        int dash = line.indexOf('-');
        long from = Long.parseUnsignedLong(line.substring(0, dash), 16);
        long to = Long.parseUnsignedLong(line.substring(dash + 1, line.indexOf(' ')), 16);
        long bytes = 0;
        for (Block block : mapped) {
            bytes += Math.max(0, Math.min(to, block.address() + block.bytes()) - Math.max(from, block.address()));
        }
        return bytes;
    }
}
