package io.mlflowgateway.server.query;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What providers tell apart when they count tokens, and price each for itself. Every token is of one class. */
public enum TokenClass {
    /** Read, and of no other class. */
    INPUT,
    /** Written, and of no other class. */
    OUTPUT,
    /** Read from the provider's cache. */
    CACHE_READ,
    /** Read, and put into the provider's cache. */
    CACHE_WRITE,
    /** Read, and put into the provider's cache for an hour: longer than usual. */
    CACHE_WRITE_1H,
    /** Written, and not shown. */
    REASONING,
    AUDIO_INPUT,
    AUDIO_OUTPUT,
    IMAGE_INPUT;

    /** As files write it: {@code cache_read}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The class whose price holds where this one has none: for most that of what is plainly read or written. */
    public TokenClass plain() {
        return switch (this) {
            case INPUT, CACHE_READ, CACHE_WRITE, AUDIO_INPUT, IMAGE_INPUT -> INPUT;
            case CACHE_WRITE_1H -> CACHE_WRITE;
            case OUTPUT, REASONING, AUDIO_OUTPUT -> OUTPUT;
        };
    }

    public static Optional<TokenClass> ofWord(String word) {
        // A loop: a start has better things to do than to load what streams need.
        for (TokenClass each : values()) {
            if (each.word().equals(word)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Every {@link #word()}, in order. */
    public static List<String> words() {
        return Arrays.stream(values()).map(TokenClass::word).toList();
    }
}
