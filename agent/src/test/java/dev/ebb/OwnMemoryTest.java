package dev.ebb;

import dev.ebb.load.MemoryAccount;
import dev.ebb.load.MemoryAccount.Part;
import dev.ebb.memory.ProcessMemory;
import org.junit.jupiter.api.Test;

import java.io.File;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class OwnMemoryTest {
    private static final long NEAR_BYTES = 64 << 20; // what this JVM may take or give between two readings

    @Test
    void aProcessExplainsItself() {
        assumeTrue(new File("/proc/self/smaps").canRead(), "needs Linux's /proc");
        List<String> troubles = new ArrayList<>();
        ProcessMemory memory = new ProcessMemory(null, (where, cause, remedy) -> troubles.add(where + " " + cause));
        OwnMemory own = new OwnMemory(memory, (where, cause, remedy) -> troubles.add(where + " " + cause));
        MemoryAccount without = own.get();
        assertEquals(memory.residentBytes(), without.residentBytes(), NEAR_BYTES);
        assertTrue(without.bytes(Part.HEAP) > 0 && without.bytes(Part.CODE) > 0 && without.bytes(Part.METASPACE) > 0, without::toString);
        assertTrue(without.notes().get(0).startsWith("the native library is not loaded"), without::toString);

        memory.purge();
        ByteBuffer buffer = ByteBuffer.allocateDirect(100 << 20);
        MemoryAccount with = own.get();
        assertEquals(with.residentBytes(), with.parts().values().stream().mapToLong(Long::longValue).sum());
        assertTrue(with.bytes(Part.DIRECT) >= buffer.capacity() && with.bytes(Part.ALLOCATOR_LIVE) > 0, with::toString);
        assertEquals(List.of(), troubles);
    }
}
