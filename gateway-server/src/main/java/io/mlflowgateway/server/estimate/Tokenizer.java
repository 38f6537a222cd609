package io.mlflowgateway.server.estimate;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts tokens as OpenAI's {@code cl100k_base} does; other models' own tokens are about as many. Its table is read when
 * the first text is counted, which blocks for some tenths of a second and then keeps about 20 MB: not for event loops.
 */
final class Tokenizer {
    /** On average over languages, and over JSON; a token of English prose is a little longer. */
    private static final int BYTES_IN_A_TOKEN = 4;

    /** Characters of one word; the time a word takes grows with its square. */
    static final int LONGEST_WORD = 64;

    private Tokenizer() {}

    /** Read at the first use, and by nobody before. */
    private static final class Table {
        private static final Encoding ENCODING =
                Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

        private Table() {}
    }

    /** The tokens of the text, what was cut off counted in proportion. */
    static long count(Words words) {
        if (words.text().isEmpty()) {
            return byLength(words.bytes());
        }
        long counted = 0;
        for (String part : parts(whole(words.text()))) {
            counted += Table.ENCODING.countTokensOrdinary(part);
        }
        return Math.round(counted * (double) words.bytes() / words.countedBytes());
    }

    /** The text with a question mark for each half of a character, which the table has no tokens for. */
    private static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** The text, cut within what has no end of a word, or of white space, for {@value #LONGEST_WORD} characters: a token more. */
    static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        int word = 0;
        for (int at = 1; at < text.length(); at++) {
            boolean same = Character.isWhitespace(text.charAt(at)) == Character.isWhitespace(text.charAt(at - 1));
            word = same ? word + 1 : 0;
            if (word >= LONGEST_WORD && !Character.isLowSurrogate(text.charAt(at))) {
                parts.add(text.substring(start, at));
                start = at;
                word = 0;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** A guess that needs no table. */
    static long byLength(long bytes) {
        return (bytes + BYTES_IN_A_TOKEN - 1) / BYTES_IN_A_TOKEN;
    }
}
