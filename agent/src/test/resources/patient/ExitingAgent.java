package patient;

/** Ends the program before it has begun. */
public final class ExitingAgent {
    private ExitingAgent() { }

    public static void premain(String arguments) {
        System.out.println("ended before main");
        System.exit(5);
    }
}
