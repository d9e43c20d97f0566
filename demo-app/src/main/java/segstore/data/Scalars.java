package segstore.data;

/** Scalar columns: every row has one of {@value Recipe#VALUES} values in each. Immutable, thread-safe. */
public final class Scalars {
    private static final int SCALARS = 21;

    private final Recipe recipe;

    public Scalars(Recipe recipe) {
        this.recipe = recipe;
    }

    /** The value that the row with this primary key has in {@code column}. */
    public int value(int column, long key) {
        return (int) Seeded.hash(recipe.seed() ^ SCALARS, column, key) & (Recipe.VALUES - 1);
    }
}
