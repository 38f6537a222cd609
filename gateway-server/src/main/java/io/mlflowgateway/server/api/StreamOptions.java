package io.mlflowgateway.server.api;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a body says of streaming. */
public final class StreamOptions {
    private StreamOptions() {}

    /** Takes both members out: embeddings come in one part, whatever is asked. */
    public static void drop(Body.Edit edit) {
        edit.remove("stream").remove("stream_options");
    }

    /** Whether {@code stream} is true. */
    public static boolean streams(Body body) {
        return isTrue(body, body.member("stream"));
    }

    /** Whether {@code stream_options.include_usage} is true. */
    public static boolean usageAsked(Body body) {
        Optional<Member> options = body.member("stream_options").filter(member -> member.kind() == Kind.OBJECT);
        if (options.isEmpty()) {
            return false;
        }
        try {
            Body inner = BodyScanner.scan(body.raw(options.get()).getBytes(StandardCharsets.UTF_8));
            return isTrue(inner, inner.member("include_usage"));
        } catch (BodyScanner.Malformed e) {
            // Well-formed, as the scan of the whole has shown; at worst a name stands twice.
            return false;
        }
    }

    private static boolean isTrue(Body body, Optional<Member> member) {
        return member.filter(found -> found.kind() == Kind.BOOLEAN)
                .filter(found -> body.bytes()[found.start()] == 't')
                .isPresent();
    }
}
