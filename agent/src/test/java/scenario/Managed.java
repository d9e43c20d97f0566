package scenario;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import javax.management.Attribute;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;

/** A program that uses JMX, from its first line on. */
public final class Managed {
    private static Object kept;

    private Managed() { }

    /** Watched. */
    static void load(String name, Path file) throws Exception {
        FileChannel channel = Kept.keep(FileChannel.open(file));
        Kept.keep(channel.map(FileChannel.MapMode.READ_ONLY, 0, 1_048_576));
    }

    /** Watched. */
    static void loadAndWait(CountDownLatch inside, CountDownLatch go) throws Exception {
        kept = ByteBuffer.allocateDirect(1_003);
        inside.countDown();
        go.await();
    }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "first" -> first(Path.of(args[1]));
            case "before" -> before();
            default -> throw new AssertionError();
        }
        System.out.println("done");
    }

    private static void first(Path file) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName ebb = new ObjectName("dev.ebb:type=Ebb");
        System.out.println(server.isRegistered(ebb));
        load("42", file);
        load("42", file);
        System.out.println(ledger(server, ebb, "42"));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try {
                loadAndWait(inside, go);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }, "loader");
        thread.start();
        inside.await();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        System.out.println(server.getAttribute(ebb, "OpenLoads") + " open, " + ((javax.management.openmbean.CompositeData) server.getAttribute(ebb, "Totals")).get("text"));
        String dump = (String) server.invoke(ebb, "dump", null, null);
        System.out.println(dump.contains("  inside: loader WAITING") && dump.contains("MAPPED 1048576 bytes taken at ") && dump.contains("scenario.Managed.load(Managed.java:"));
        go.countDown();
        thread.join();
        modes(server, ebb, file);
    }

    private static void modes(MBeanServer server, ObjectName ebb, Path file) throws Exception {
        server.setAttribute(ebb, new Attribute("Mode", "observe"));
        System.out.println(server.getAttribute(ebb, "Mode"));
        try {
            server.setAttribute(ebb, new Attribute("Mode", "onserve"));
        } catch (RuntimeMBeanException e) {
            System.out.println(e.getCause().getMessage());
        }
        server.setAttribute(ebb, new Attribute("Mode", "off"));
        load("while off", file);
        System.out.println(ledger(server, ebb, "while off") + ", " + server.getAttribute(ebb, "Records") + " records");
        server.setAttribute(ebb, new Attribute("Mode", "rollback"));
        load("on again", file);
        System.out.println(ledger(server, ebb, "on again"));
    }

    private static String ledger(MBeanServer server, ObjectName ebb, String label) throws Exception {
        return ((String) server.invoke(ebb, "ledger", new Object[] {label}, new String[] {"java.lang.String"})).replace('\n', '|');
    }

    /** Its server is there before Ebb is attached. */
    private static void before() throws Exception {
        ObjectName ebb = new ObjectName("dev.ebb:type=Ebb");
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        CountDownLatch registered = new CountDownLatch(1);
        server.addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, (notification, handback) -> {
            if (((MBeanServerNotification) notification).getMBeanName().equals(ebb)) {
                registered.countDown();
            }
        }, null, null);
        System.out.println("ready");
        registered.await();
        System.out.println(server.getAttribute(ebb, "Mode"));
    }
}
