package dev.ebb.config;

import java.util.Collection;
import java.util.Locale;

/** The known name that is nearest to a misspelt one, upper and lower case alike. Loaded only when there is one. */
public final class Nearest {
    private Nearest() { }

    /** @return null if none is near: if more than 2 letters, and more than a third of them, are different */
    public static String to(String written, Collection<String> known) {
        return to(written, known, Math.max(2, written.length() / 3));
    }

    /**
     * @param mostEdits letters to insert, remove or replace (Levenshtein)
     * @return of equally near names the first in the alphabet; null if none is as near as {@code mostEdits}
     */
    static String to(String written, Collection<String> known, int mostEdits) {
        String nearest = null;
        int least = mostEdits;
        for (String name : known) {
            int edits = Math.abs(name.length() - written.length()) > least ? least + 1 : edits(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (edits < least || edits == least && (nearest == null || name.compareTo(nearest) < 0)) {
                nearest = name;
                least = edits;
            }
        }
        return nearest;
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
