package dev.ebb.memory;

import java.lang.management.ManagementFactory;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Diagnostic commands of the own JVM, as jcmd asks them. Creating it starts JMX, which takes a quarter of a second and some MiB where nothing has used JMX before; not for a thread
 * that runs before main.
 */
final class JvmCommands {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    /** @param operation as the MBean calls the command: {@code vmInfo} for VM.info. @return the answer; empty if there is no such command here */
    String ask(String operation, String... arguments) {
        try {
            ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
            Object answer = arguments.length == 0 ? server.invoke(commands, operation, null, null)
                : server.invoke(commands, operation, new Object[] {arguments}, new String[] {String[].class.getName()});
            return String.valueOf(answer);
        } catch (JMException | RuntimeException e) {
            return "";
        }
    }
}
