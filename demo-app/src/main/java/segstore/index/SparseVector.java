package segstore.index;

/**
 * A sparse vector: {@code weights[i]} at dimension {@code terms[i]}, each term once.
 *
 * @param terms dimensions, from 0
 * @param weights as many values
 */
public record SparseVector(int[] terms, float[] weights) {
}
