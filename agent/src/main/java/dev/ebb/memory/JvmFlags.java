package dev.ebb.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** Flags of the own JVM. Loads some classes of the JDK's management at its first use, which takes some ten milliseconds, and starts no JMX. */
final class JvmFlags {
    private JvmFlags() { }

    /** @return false also where the flag, or the bean that tells it, does not exist */
    static boolean isSet(String name) {
        try {
            HotSpotDiagnosticMXBean bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return bean != null && Boolean.parseBoolean(bean.getVMOption(name).getValue());
        } catch (RuntimeException | LinkageError e) {
            return false;
        }
    }
}
