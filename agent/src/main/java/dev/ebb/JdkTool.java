package dev.ebb;

/** An agent that came by JAVA_TOOL_OPTIONS also enters javac, jcmd, keytool and the rest, where it has nothing to do. */
final class JdkTool {
    private JdkTool() { }

    /** Whether this JVM runs a tool of the JDK. */
    static boolean isMain() {
        String module = System.getProperty("jdk.module.main");
        if (module == null) {
            return false;
        }
        // module/class and arguments; jdk.module.main.class is set only after the agents have started
        String command = System.getProperty("sun.java.command", "");
        int blank = command.indexOf(' ');
        String main = command.substring(command.indexOf('/') + 1, blank < 0 ? command.length() : blank);
        boolean tool = module.startsWith("jdk.") || module.startsWith("java.") && main.startsWith("sun.");
        // jshell and jwebserver run what the user gives them
        return tool && !module.equals("jdk.jshell") && !module.equals("jdk.httpserver");
    }
}
