package dev.ebb.memory;

import java.lang.management.ManagementFactory;

import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.ReflectionException;

/**
 * Trims libc's heap without native code, by the JVM's own diagnostic command System.trim_native_heap. It knows glibc only: below another allocator it "works" on an idle heap and
 * returns nothing. Touches JMX when called and never before; not for a thread that runs before main.
 */
final class DiagnosticTrim {
    private DiagnosticTrim() { }

    /**
     * @return empty if it was trimmed, else why not
     * @throws LinkageError if the runtime has no module java.management: this class itself cannot be linked then
     */
    static String trim() {
        try {
            ObjectName command = new ObjectName("com.sun.management:type=DiagnosticCommand");
            Object answer = ManagementFactory.getPlatformMBeanServer().invoke(command, "systemTrimNativeHeap", null, null);
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
