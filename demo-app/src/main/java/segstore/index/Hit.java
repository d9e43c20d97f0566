package segstore.index;

/**
 * One row that a search found.
 *
 * @param key the row's primary key
 * @param score the smaller the better: squared distance for dense vectors, negated dot product for sparse ones
 */
public record Hit(long key, double score) {
}
