package dev.ebb.doctor;

import java.util.Map;

/**
 * All that is known of a process before anything is concluded.
 *
 * @param smaps the text of /proc/PID/smaps
 * @param jvmInfo the answer to the diagnostic command VM.info; empty if it could not be asked
 * @param jvmClasses the answer to {@code VM.metaspace vslist}
 * @param nativeReport what the native library told; empty if it could not be asked
 * @param environment of the process, as it was started
 * @param hugePages the text of /sys/kernel/mm/transparent_hugepage/enabled
 * @param missing why something above is empty, for the reader; empty if nothing is
 */
record ProcessFacts(String smaps, String jvmInfo, String jvmClasses, String nativeReport, Map<String, String> environment, Container container, String hugePages, String missing) { }
