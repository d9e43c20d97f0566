package dev.ebb.doctor;

import dev.ebb.attach.Attachment;
import dev.ebb.attach.JvmProcess;
import dev.ebb.attach.Patience;
import dev.ebb.attach.Refusal;
import dev.ebb.load.MemoryAccount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Explains the resident memory of a JVM: of any other one by attaching to it, and of its own by what it is given. */
public final class Doctor {
    private Doctor() { }

    /**
     * @param library the native library for this platform, null if the jar has none
     * @param ask whether the native library may be loaded there for a moment; else the allocators are not asked
     * @param patience for all that may take its time
     * @throws Refusal in words for the user
     */
    static MemoryAccount examine(String pid, byte[] library, boolean ask, Patience patience) throws Refusal {
        JvmProcess process = JvmProcess.of(pid);
        String info;
        String classes;
        String report = "";
        String missing = "";
        try (Attachment jvm = Attachment.to(process, patience)) {
            info = jvm.command("VM.info");
            classes = jvm.command("VM.metaspace vslist");
            if (ask && library != null) {
                try {
                    report = jvm.nativeReport(library);
                } catch (Refusal e) {
                    missing = e.getMessage();
                }
            } else {
                missing = ask ? "this jar has no native library for this platform: allocators were not asked" : "allocators were not asked, and stacks not told from other memory (--no-agent)";
            }
        }
        Map<String, String> environment = environment(Path.of("/proc", pid));
        String smaps = patience.await("the kernel counts pages", () -> process.read("smaps"));
        return Examiner.examine(new ProcessFacts(smaps, info, classes, report, environment, Container.of(pid), hugePages(), missing));
    }

    /**
     * Of the own process. Takes 20 ms and more for each GiB that is resident; on a thread of Ebb's.
     *
     * @param jvmInfo the answer to VM.info, may be empty; @param jvmClasses the answer to {@code VM.metaspace vslist}, may be empty
     * @param nativeReport the text of the native library, may be empty
     */
    public static MemoryAccount examineOwn(String jvmInfo, String jvmClasses, String nativeReport) throws IOException {
        String smaps = Files.readString(Path.of("/proc/self/smaps"), StandardCharsets.ISO_8859_1);
        String missing = nativeReport.isEmpty() ? "the native library is not loaded: allocators were not asked" : "";
        return Examiner.examine(new ProcessFacts(smaps, jvmInfo, jvmClasses, nativeReport, System.getenv(), Container.of("self"), hugePages(), missing));
    }

    private static String hugePages() {
        try {
            return Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"));
        } catch (IOException e) {
            return "";
        }
    }

    private static Map<String, String> environment(Path process) {
        Map<String, String> environment = new HashMap<>();
        try {
            for (String entry : Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1).split("\0")) {
                int equals = entry.indexOf('=');
                if (equals > 0) {
                    environment.put(entry.substring(0, equals), entry.substring(equals + 1));
                }
            }
        } catch (IOException e) {
            return environment; // then a finding or two less
        }
        return environment;
    }
}
