package patient;

/** The least that an agent can do. */
public final class EmptyAgent {
    private EmptyAgent() { }

    public static void premain(String arguments) { }
}
