package io.mlflowgateway.server.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the name of a header that may carry a credential. */
final class HeaderName {
    /** What a name looks like, as a regular expression. */
    static final String FORM = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}";

    /** What concerns the connection, the body or its type: the transport's. */
    private static final Set<String> TRANSPORT = Set.of(
            "accept",
            "accept-encoding",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private HeaderName() {}

    /** The name; empty with a problem where it is none, or the transport's own. */
    static Optional<String> read(Cursor at) {
        Optional<String> text = at.text().map(String::strip);
        Optional<String> name = text.filter(found -> found.matches(FORM))
                .filter(found -> !TRANSPORT.contains(found.toLowerCase(Locale.ROOT)));
        if (text.isPresent() && name.isEmpty()) {
            at.problem("must be the name of a header that the gateway does not set itself, found "
                    + Shown.value(text.get()));
        }
        return name;
    }
}
