package dev.ebb.memory;

import java.lang.management.ManagementFactory;

import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;

/**
 * Trims libc's heap without native code, by the JVM's own diagnostic command System.trim_native_heap. It knows glibc only: below another allocator it "works" on an idle heap and
 * returns nothing. Creating it starts JMX, which takes a quarter of a second and some MiB where nothing has used JMX before; not for a thread that runs before main.
 */
final class DiagnosticTrim {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    /** @return empty if it was trimmed, else why not */
    String trim() {
        try {
            Object answer = server.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "systemTrimNativeHeap", null, null);
            return String.valueOf(answer).startsWith("Trim") ? "" : "the JVM cannot trim the native heap here: " + String.valueOf(answer).trim();
        } catch (InstanceNotFoundException e) {
            return "this runtime has no module jdk.management, which could trim glibc's heap";
        } catch (ReflectionException e) {
            return "this JDK has no command System.trim_native_heap, which could trim glibc's heap";
        } catch (JMException | RuntimeException e) {
            return "the command System.trim_native_heap failed: " + e;
        }
    }
}
