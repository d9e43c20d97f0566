package dev.ebb;

import dev.ebb.doctor.Doctor;
import dev.ebb.load.MemoryAccount;
import dev.ebb.load.Trouble;
import dev.ebb.memory.ProcessMemory;
import java.io.IOException;
import java.util.function.Supplier;

/** Where the resident memory of this process is, as the doctor sees it. Takes 20 ms and more for each resident GiB, and starts JMX: for Ebb's own threads, and not for every verdict. */
final class OwnMemory implements Supplier<MemoryAccount> {
    private final ProcessMemory memory;
    private final Trouble trouble;

    OwnMemory(ProcessMemory memory, Trouble trouble) {
        this.memory = memory;
        this.trouble = trouble;
    }

    /** @return null if it cannot be told */
    @Override
    public MemoryAccount get() {
        try {
            ProcessMemory.Facts facts = memory.facts();
            return Doctor.examineOwn(facts.jvmInfo(), facts.jvmClasses(), facts.nativeReport());
        } catch (IOException | RuntimeException | LinkageError e) {
            trouble.report("memory.account", e, null);
            return null;
        }
    }
}
