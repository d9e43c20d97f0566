package segstore.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Keeps the {@code k} hits with the smallest scores, equal scores by key. For one thread. */
public final class TopK {
    private static final Comparator<Hit> BEST_FIRST =
            Comparator.comparingDouble(Hit::score).thenComparingLong(Hit::key);

    private final double[] scores;
    private final long[] keys;
    private int size;
    private int worst;

    public TopK(int k) {
        this.scores = new double[k];
        this.keys = new long[k];
    }

    /** Offers a row; all but the few best return at the first comparison. */
    public void offer(long key, double score) {
        if (size < scores.length) {
            scores[size] = score;
            keys[size++] = key;
        } else if (score < scores[worst] || score == scores[worst] && key < keys[worst]) {
            scores[worst] = score;
            keys[worst] = key;
        } else {
            return;
        }
        findWorst();
    }

    public void offer(List<Hit> hits) {
        hits.forEach(hit -> offer(hit.key(), hit.score()));
    }

    /** The hits so far, best first. */
    public List<Hit> hits() {
        List<Hit> hits = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            hits.add(new Hit(keys[i], scores[i]));
        }
        hits.sort(BEST_FIRST);
        return hits;
    }

    private void findWorst() {
        worst = 0;
        for (int i = 1; i < size; i++) {
            if (scores[i] > scores[worst] || scores[i] == scores[worst] && keys[i] > keys[worst]) {
                worst = i;
            }
        }
    }
}
