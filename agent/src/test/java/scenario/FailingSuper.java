package scenario;

/** A watched constructor fails in the one above it; the thread then loads something else. */
public final class FailingSuper {
    private FailingSuper() { }

    public static void main(String[] args) throws Exception {
        try {
            new Constructors.FailsAbove(21_007);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        Kept.direct(99_999);
        new Constructors.Plain(21_008);
        System.in.read();
    }
}
