package scenario;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.ObjectName;

/** Does as it is told, line by line. */
public final class Commanded {
    private static final String NAME = "loader </script>\u202e";

    private Commanded() { }

    /** Watched. */
    static void load(int bytes) {
        Kept.keep(ByteBuffer.allocateDirect(bytes));
    }

    /** Watched; never ends. */
    static void stay(CountDownLatch inside) {
        inside.countDown();
        synchronized (inside) {
            while (true) {
                try {
                    inside.wait();
                } catch (InterruptedException notNow) {
                    continue;
                }
            }
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            switch (line) {
                case "load" -> load(3_000_004);
                case "stay" -> {
                    CountDownLatch inside = new CountDownLatch(1);
                    Thread thread = new Thread(() -> stay(inside), NAME);
                    thread.setDaemon(true);
                    thread.start();
                    inside.await();
                }
                case "look" -> look();
                case "figures" -> figures();
                default -> throw new AssertionError(line);
            }
            System.out.println("done " + line);
        }
    }

    /** What Ebb may leave behind. */
    private static void figures() throws Exception {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        // not the JVM's count of classes, which keeps each class that was ever redefined
        long classes = ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace")).findFirst().orElseThrow().getUsage().getUsed();
        System.out.println("figures metaspace " + classes + " threads " + Thread.getAllStackTraces().size() + " descriptors "
            + new File("/proc/self/fd").list().length + " heap " + heap);
    }

    /** The thread that has answered a command ends a moment later. */
    private static void look() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        List<String> threads = ours();
        while (!threads.isEmpty() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
            threads = ours();
        }
        System.out.println("threads " + threads + " bean " + ManagementFactory.getPlatformMBeanServer().isRegistered(new ObjectName("dev.ebb:type=Ebb")));
    }

    private static List<String> ours() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> name.startsWith("ebb-")).collect(Collectors.toList());
    }
}
