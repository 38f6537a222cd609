package io.mlflowgateway.server.query;

import java.util.Optional;

/**
 * One event of a streamed reply: an OpenAI-shaped chunk.
 *
 * @param json the chunk as UTF-8 JSON on one line (no raw line feed); not to be written to
 * @param usage the tokens this chunk reports, if it does; {@linkplain Usage#estimated() a guess} where it is what the
 *     provider has counted so far
 * @param usageOnly whether the chunk carries nothing but usage ({@code "choices":[]}), as it comes last when
 *     {@code stream_options.include_usage} was asked for
 * @param textBytes how long the text in it is, in UTF-8, as near as its codec knows; 0 where that is not told
 * @param endsUnknown whether a choice ends in it for a reason that its codec does not know
 */
public record Piece(byte[] json, Optional<Usage> usage, boolean usageOnly, int textBytes, boolean endsUnknown) {
    /** One that ends nothing, or for a known reason. */
    public Piece(byte[] json, Optional<Usage> usage, boolean usageOnly, int textBytes) {
        this(json, usage, usageOnly, textBytes, false);
    }

    /** One without text, or whose length nobody needs. */
    public Piece(byte[] json, Optional<Usage> usage, boolean usageOnly) {
        this(json, usage, usageOnly, 0);
    }

    /** The same, with what the provider has counted up to here. */
    public Piece counting(Usage soFar) {
        return new Piece(json, Optional.of(soFar.asEstimate()), usageOnly, textBytes, endsUnknown);
    }
}
