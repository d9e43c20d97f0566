package dev.ebb.start;

import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Nothing listens unless it is asked for, and then on the loopback interface alone: as the kernel tells of the process, so that no port is overlooked. */
class ListenerIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /** State 0A of /proc/net/tcp. */
    private static final String LISTENS = "0A";

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void nothingListensUnlessAskedFor(Jdk jdk) throws IOException {
        assertEquals(Set.of(), listeners(Patient.command(jdk, "load 20000", "read")));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatIsAskedForListensOnLoopback(Jdk jdk) throws IOException {
        Set<String> found = listeners(Patient.command(jdk, "load 20000", "read").option("-Debb.http=0"));
        // 127.0.0.1 as the kernel writes it, by itself or in an address of IPv6
        assertEquals(Set.of("0100007F"), found);
    }

    /** The last eight digits of the addresses on which the process listens, once its load has been told. */
    private static Set<String> listeners(ForkedJvm.Command command) throws IOException {
        try (ForkedJvm jvm = command.start()) {
            jvm.await("\"event\":\"load.completed\"", LIMIT);
            Set<String> inodes = sockets(jvm.pid());
            Set<String> addresses = new TreeSet<>();
            for (String table : new String[] {"tcp", "tcp6"}) {
                Path file = Path.of("/proc/" + jvm.pid() + "/net/" + table);
                for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                    String[] words = line.strip().split("\\s+");
                    if (words[3].equals(LISTENS) && inodes.contains(words[9])) {
                        String address = words[1].substring(0, words[1].indexOf(':'));
                        addresses.add(address.substring(address.length() - 8));
                    }
                }
            }
            jvm.send("exit 0");
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("did not end well").getMessage());
            return addresses;
        }
    }

    private static Set<String> sockets(long pid) throws IOException {
        List<Path> descriptors = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            all.forEach(descriptors::add);
        }
        Set<String> inodes = new TreeSet<>();
        for (Path descriptor : descriptors) {
            try {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring(8, target.length() - 1));
                }
            } catch (NoSuchFileException closed) {
                // whoever reads a file now and then
            }
        }
        return inodes;
    }
}
