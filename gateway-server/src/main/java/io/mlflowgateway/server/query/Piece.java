package io.mlflowgateway.server.query;

import java.util.Optional;

/**
 * One event of a streamed reply: an OpenAI-shaped chunk.
 *
 * @param json the chunk as UTF-8 JSON on one line (no raw line feed); not to be written to
 * @param usage the tokens this chunk reports, if it does
 * @param usageOnly whether the chunk carries nothing but usage ({@code "choices":[]}), as it comes last when
 *     {@code stream_options.include_usage} was asked for
 */
public record Piece(byte[] json, Optional<Usage> usage, boolean usageOnly) {}
