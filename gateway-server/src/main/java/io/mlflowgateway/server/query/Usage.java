package io.mlflowgateway.server.query;

/**
 * Tokens of one call as the provider counted them; zero where it said nothing. No token is in two of the counts: what a
 * provider counts as part of its prompt is taken out of {@code input} before it stands here.
 *
 * @param input read, and none of the following
 * @param cacheRead read from the provider's cache
 * @param cacheWrite read, and put into the provider's cache for as long as is usual
 * @param cacheWriteHour read, and put into the provider's cache for an hour
 * @param output written, and none of the following
 * @param reasoning written, and not shown
 * @param audioInput read as sound
 * @param audioOutput written as sound
 * @param imageInput read as pictures
 * @param estimated whether nobody counted, or not to the end, and this is a guess
 */
public record Usage(
        long input,
        long cacheRead,
        long cacheWrite,
        long cacheWriteHour,
        long output,
        long reasoning,
        long audioInput,
        long audioOutput,
        long imageInput,
        boolean estimated) {
    public static final Usage UNKNOWN = new Usage(0, 0);

    /** No call has more of a class; a provider that says so is not believed, and no sum overflows. */
    private static final long MOST = 1_000_000_000_000L;

    public Usage {
        input = sane(input);
        cacheRead = sane(cacheRead);
        cacheWrite = sane(cacheWrite);
        cacheWriteHour = sane(cacheWriteHour);
        output = sane(output);
        reasoning = sane(reasoning);
        audioInput = sane(audioInput);
        audioOutput = sane(audioOutput);
        imageInput = sane(imageInput);
    }

    private static long sane(long tokens) {
        return Math.max(0, Math.min(MOST, tokens));
    }

    /** Of a provider whose cache knows one time to live. */
    public Usage(
            long input,
            long cacheRead,
            long cacheWrite,
            long output,
            long reasoning,
            long audioInput,
            long audioOutput,
            long imageInput,
            boolean estimated) {
        this(input, cacheRead, cacheWrite, 0, output, reasoning, audioInput, audioOutput, imageInput, estimated);
    }

    /** Of a provider that tells nothing apart but what is read and what is written. */
    public Usage(long promptTokens, long completionTokens) {
        this(promptTokens, 0, 0, 0, completionTokens, 0, 0, 0, 0, false);
    }

    /** The same as a guess. */
    public Usage asEstimate() {
        return new Usage(
                input,
                cacheRead,
                cacheWrite,
                cacheWriteHour,
                output,
                reasoning,
                audioInput,
                audioOutput,
                imageInput,
                true);
    }

    /** The same with another count of what was plainly written. */
    public Usage withOutput(long tokens) {
        return new Usage(
                input,
                cacheRead,
                cacheWrite,
                cacheWriteHour,
                tokens,
                reasoning,
                audioInput,
                audioOutput,
                imageInput,
                estimated);
    }

    /** Both, class by class; {@link #UNKNOWN} where one of them is, and a guess where one is. */
    public Usage plus(Usage other) {
        if (equals(UNKNOWN) || other.equals(UNKNOWN)) {
            return UNKNOWN;
        }
        return new Usage(
                input + other.input,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                cacheWriteHour + other.cacheWriteHour,
                output + other.output,
                reasoning + other.reasoning,
                audioInput + other.audioInput,
                audioOutput + other.audioOutput,
                imageInput + other.imageInput,
                estimated || other.estimated);
    }

    /** All that was read, from a cache or not. */
    public long promptTokens() {
        return input + cacheRead + cacheWrite + cacheWriteHour + audioInput + imageInput;
    }

    /** All that was written, shown or not. */
    public long completionTokens() {
        return output + reasoning + audioOutput;
    }

    public long totalTokens() {
        return promptTokens() + completionTokens();
    }
}
