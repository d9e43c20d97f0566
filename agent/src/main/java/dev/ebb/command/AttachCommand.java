package dev.ebb.command;

import dev.ebb.attach.Attachment;
import dev.ebb.attach.JvmProcess;
import dev.ebb.attach.Patience;
import dev.ebb.attach.Refusal;
import dev.ebb.config.Options;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Brings Ebb into a running JVM. */
final class AttachCommand {
    private static final int OLDEST_JAVA = 17;
    /** From here on the JVM warns of agents that come late, on the program's stderr. */
    private static final int WARNS = 21;

    private final JvmProcess jvm;
    private final Path jar;
    private final PrintStream err;
    private final Patience patience;

    AttachCommand(JvmProcess jvm, String jar, PrintStream err, Patience patience) {
        this.jvm = jvm;
        this.jar = Path.of(jar).toAbsolutePath();
        this.err = err;
        this.patience = patience;
    }

    /** @param options {@code name=value} each */
    void attach(List<String> options) throws Refusal {
        String arguments = String.join(",", options);
        List<String> problems = Options.readAlone(arguments).problems();
        if (!problems.isEmpty()) {
            throw new Refusal("not attached: " + String.join("; ", problems));
        }
        if (jvm.hasEbb()) {
            throw new Refusal("Ebb is in process " + jvm.pid() + " already; detach it first, or switch it by: java -jar ebb-agent.jar mode " + jvm.pid() + " rollback");
        }
        if (jvm.hasFlag("-XX:-EnableDynamicAgentLoading")) {
            throw new Refusal("process " + jvm.pid() + " was started with -XX:-EnableDynamicAgentLoading and takes no agent while it runs; start it with -javaagent:" + jar);
        }
        try (Attachment attachment = Attachment.to(jvm, patience)) {
            int feature = attachment.feature();
            if (feature < OLDEST_JAVA) {
                throw new Refusal("process " + jvm.pid() + " runs Java " + feature + "; Ebb needs 17 or newer");
            }
            if (feature >= WARNS && !jvm.hasFlag("-XX:+EnableDynamicAgentLoading")) {
                err.println("ebb attach: the JVM warns of agents that come late, on the program's stderr; -XX:+EnableDynamicAgentLoading silences that");
            }
            attachment.loadAgent(visibleJar(), arguments);
        }
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (!jvm.hasEbb() && System.nanoTime() - giveUp < 0) {
            // its worker has been started, and has yet to say its name
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        if (!jvm.hasEbb()) {
            throw new Refusal("the JVM has taken the agent, but Ebb does not run in it: enabled=false, or the program's stderr says why");
        }
    }

    /** The jar as the process sees it; in a container that does not have it, a copy, which stays as long as that process may read from it. */
    private String visibleJar() throws Refusal {
        Path there = jvm.root().resolve(jar.toString().substring(1));
        try {
            if (Files.exists(there) && Files.isSameFile(there, jar)) {
                return jar.toString();
            }
            String name = "tmp/ebb-agent-" + UUID.randomUUID() + ".jar";
            Files.copy(jar, jvm.root().resolve(name));
            err.println("ebb attach: the process does not see " + jar + ": it gets a copy, /" + name + ", to be deleted when it has ended");
            return "/" + name;
        } catch (IOException e) {
            throw new Refusal("the process does not see " + jar + ", and no copy can be left in its /tmp: " + e.getMessage());
        }
    }
}
