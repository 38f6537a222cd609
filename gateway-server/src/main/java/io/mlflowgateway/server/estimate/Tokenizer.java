package io.mlflowgateway.server.estimate;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * Counts tokens as OpenAI's {@code cl100k_base} does; other models' own tokens are about as many. Its table is read when
 * the first text is counted, which blocks for some tenths of a second and then keeps about 20 MB: not for event loops.
 */
final class Tokenizer {
    /** On average over languages, and over JSON; a token of English prose is a little longer. */
    private static final int BYTES_IN_A_TOKEN = 4;

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
        long counted = Table.ENCODING.countTokensOrdinary(words.text());
        return Math.round(counted * (double) words.bytes() / words.countedBytes());
    }

    /** A guess that needs no table. */
    static long byLength(long bytes) {
        return (bytes + BYTES_IN_A_TOKEN - 1) / BYTES_IN_A_TOKEN;
    }
}
