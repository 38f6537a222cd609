package io.mlflowgateway.server.provider;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Embeds a text as a bag of hashed words: each word adds to a few places of the vector, so texts that share words point
 * in similar directions. Scripts without spaces between words count pairs of characters.
 */
final class HashedWords {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Pattern UNSPACED = Pattern.compile("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}]+");
    private static final int PLACES_PER_WORD = 4;

    private HashedWords() {}

    /** A vector of length 1; the same text always has the same. */
    static float[] vector(String text, int dimensions) {
        double[] sums = new double[dimensions];
        for (String feature : features(text.toLowerCase(Locale.ROOT))) {
            add(feature, sums);
        }
        double squares = 0;
        for (double sum : sums) {
            squares += sum * sum;
        }
        float[] vector = new float[dimensions];
        if (squares == 0) {
            // A text without words must not be at no angle to everything: cosines would be no numbers.
            vector[0] = 1;
            return vector;
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (sums[i] / Math.sqrt(squares));
        }
        return vector;
    }

    private static List<String> features(String text) {
        List<String> features = new ArrayList<>();
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            String word = words.group();
            if (UNSPACED.matcher(word).find()) {
                addPairs(word.codePoints().toArray(), features);
            } else {
                features.add(word);
            }
        }
        return features;
    }

    private static void addPairs(int[] characters, List<String> features) {
        for (int i = 0; i < characters.length; i++) {
            features.add(new String(characters, i, Math.min(2, characters.length - i)));
        }
    }

    private static void add(String feature, double[] sums) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : feature.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        for (int i = 0; i < PLACES_PER_WORD; i++) {
            hash = mixed(hash + i);
            int place = (int) Long.remainderUnsigned(hash >>> 1, sums.length);
            sums[place] += (hash & 1) == 0 ? 1 : -1;
        }
    }

    /** The finishing steps of MurmurHash3, which spread every bit over all others. */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
