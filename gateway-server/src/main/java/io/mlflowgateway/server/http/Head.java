package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Notes;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, checked: one Host, no smuggling forms, within the size limits.
 *
 * @param id this request's id, sent back as {@code X-Request-Id}
 * @param method upper case
 * @param path decoded once, starts with {@code /}; holds no control characters. Empty where it is malformed: such a
 *     request is refused before anybody is looked for
 * @param query raw text after {@code ?}, empty when there is none
 * @param header value of a header by lower-case name; null when it is absent
 * @param http10 whether the caller speaks HTTP/1.0, which knows no chunks
 * @param notes what is noted of the exchange, its deadline among it
 */
public record Head(
        String id,
        String method,
        String path,
        String query,
        Function<String, @Nullable String> header,
        boolean http10,
        Notes notes) {

    /** A header's value. */
    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(header.apply(lowerCaseName));
    }

    @Override
    public String toString() {
        return "Head[" + id + " " + method + " " + path + "]";
    }
}
