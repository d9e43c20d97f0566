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
        String main = System.getProperty("jdk.module.main.class");
        boolean tool = module.startsWith("jdk.") || module.equals("java.base") && main != null && main.startsWith("sun.");
        // jshell, jwebserver and java -jar of source files run programs of the user
        return tool && !module.equals("jdk.jshell") && !module.equals("jdk.httpserver") && !"com.sun.tools.javac.launcher.Main".equals(main)
            && !"com.sun.tools.javac.launcher.SourceLauncher".equals(main);
    }
}
