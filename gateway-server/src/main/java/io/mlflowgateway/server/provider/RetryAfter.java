package io.mlflowgateway.server.provider;

import java.util.Optional;
import java.util.regex.Pattern;

/** An upstream's {@code Retry-After}: seconds or an HTTP date (RFC 9110 section 10.2.3), and nothing else it may hold. */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");
    private static final Pattern DATE =
            Pattern.compile("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT");

    /** OpenAI's and Azure's own header beside it, in milliseconds. */
    static final String MILLIS = "retry-after-ms";

    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,12}");

    private RetryAfter() {}

    /** What an answer says of when to ask again: the standard's header, or the same in milliseconds, rounded up. */
    static Optional<String> of(UpstreamResponse.Whole answer) {
        return sane(answer.retryAfter()).or(() -> answer.header(MILLIS).flatMap(RetryAfter::seconds));
    }

    private static Optional<String> seconds(String millis) {
        return Optional.of(millis.strip())
                .filter(text -> WHOLE.matcher(text).matches())
                .map(text -> Long.toString((Long.parseLong(text) + 999) / 1_000));
    }

    /** The value, if it is one that may be shown to a caller. */
    static Optional<String> sane(Optional<String> value) {
        return value.map(String::strip)
                .filter(text ->
                        SECONDS.matcher(text).matches() || DATE.matcher(text).matches());
    }
}
