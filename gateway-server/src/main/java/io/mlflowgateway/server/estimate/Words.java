package io.mlflowgateway.server.estimate;

import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.util.List;
import java.util.Set;

/**
 * What a body has in words: the texts in its prompt or its answer, without the names around them.
 *
 * @param text their beginning, of {@value #MOST_BYTES} bytes or little more at most
 * @param countedBytes that it was, at least 1 where it is not empty
 * @param bytes that all of them are
 */
record Words(String text, long countedBytes, long bytes) {
    /** Tokenized in some ten milliseconds. */
    static final int MOST_BYTES = 64 * 1024;

    /** Words that are none of the model's: of what kind something is, what it is named by, and pictures. */
    private static final Set<String> NO_WORDS = Set.of(
            "role",
            "type",
            "id",
            "tool_call_id",
            "finish_reason",
            "native_finish_reason",
            "url",
            "data",
            "file_data",
            "media_type",
            "format",
            "detail",
            "signature");

    /** The members of a query that its model reads. */
    static final List<String> ASKED = List.of("messages", "prompt", "input", "tools");

    private static final List<String> ANSWERED = List.of("choices");

    /** Those of a query. */
    static Words asked(Body body) {
        return new Gathering().of(body, ASKED);
    }

    /** Those of an answer; vectors are none. */
    static Words answered(Body body) {
        return new Gathering().of(body, ANSWERED);
    }

    /** Goes through one body. */
    private static final class Gathering {
        private final StringBuilder text = new StringBuilder();
        private long counted;
        private long bytes;

        Words of(Body body, List<String> names) {
            for (Member member : body.members()) {
                if (names.contains(member.name())) {
                    try {
                        value(new JsonCursor(body, member));
                    } catch (Malformed e) {
                        throw new IllegalStateException("a body that was scanned is none", e);
                    }
                }
            }
            return new Words(text.toString(), counted, bytes);
        }

        private void value(JsonCursor json) throws Malformed {
            Kind kind = json.kind();
            if (kind == Kind.OBJECT) {
                json.enterObject();
                while (json.nextMember()) {
                    if (NO_WORDS.contains(json.name())) {
                        json.skip();
                    } else {
                        value(json);
                    }
                }
            } else if (kind == Kind.ARRAY) {
                json.enterArray();
                while (json.nextElement()) {
                    value(json);
                }
            } else if (kind == Kind.STRING) {
                string(json);
            } else {
                json.skip();
            }
        }

        private void string(JsonCursor json) throws Malformed {
            int start = json.offset();
            if (counted >= MOST_BYTES) {
                json.skip();
            } else {
                String words = json.skipText();
                int fits = Math.min(words.length(), MOST_BYTES);
                text.append(words, 0, fits).append('\n');
                counted +=
                        Math.max(1, (json.offset() - start) * (long) Math.max(1, fits) / Math.max(1, words.length()));
            }
            bytes += json.offset() - start;
        }
    }
}
