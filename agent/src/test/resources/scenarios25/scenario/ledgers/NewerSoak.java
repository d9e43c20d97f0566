package scenario.ledgers;

/** The soak with what JDK 25 has more. */
public final class NewerSoak {
    private NewerSoak() { }

    public static void main(String[] args) throws Exception {
        Soak.run(args, NewerMatrix.kinds(), NewerMatrix.routes(new Routes(false)));
    }
}
