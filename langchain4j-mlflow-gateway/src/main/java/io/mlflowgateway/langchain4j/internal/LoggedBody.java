package io.mlflowgateway.langchain4j.internal;

import java.nio.charset.StandardCharsets;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A body as it may be logged: cut, without the base64 of images and files, and without the values of fields that are named
 * like a credential.
 */
final class LoggedBody {

    private static final int LIMIT = 4_000;
    /** Longer than any word or identifier; the beginning is kept, as it shows what kind of file it is. */
    private static final int LONGEST_RUN = 256;

    private static final int KEPT_OF_RUN = 32;
    private static final String MASK = "***";
    private static final String NAME = "[\\w.-]*(?:api[_-]?key|password|passwd|secret|credential|authorization|cookie"
            + "|private[_-]?key|(?:access|refresh|id|auth|session|bearer)[_-]?token)[\\w.-]*|token";
    /** A text value: of the body itself, or of JSON inside a text, as arguments of tools are. */
    private static final Pattern SECRET_FIELD =
            Pattern.compile("(?i)(\"(?:" + NAME + ")\"\\s*:\\s*\")[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+" + "|(\\\\\"(?:"
                    + NAME + ")\\\\\"\\s*:\\s*\\\\\")[^\"\\\\]*+");

    private LoggedBody() {}

    static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String of(byte[] body) {
        Shortened shortened = new Shortened(body);
        String shown = masked(shortened.text());
        return shortened.whole() ? shown : shown + "... (" + body.length + " bytes)";
    }

    private static String masked(String text) {
        return SECRET_FIELD.matcher(text).replaceAll(LoggedBody::mask);
    }

    private static String mask(MatchResult field) {
        String name = field.group(1) != null ? field.group(1) : field.group(2);
        return Matcher.quoteReplacement(name + MASK);
    }

    /** Leaves out what no reader wants before anything is decoded: bodies may be many megabytes. */
    private static final class Shortened {

        private final byte[] body;
        private final StringBuilder text = new StringBuilder();
        private int at;

        Shortened(byte[] body) {
            this.body = body;
            while (at < body.length && text.length() < LIMIT) {
                step();
            }
        }

        private void step() {
            int end = runEnd();
            if (end - at > LONGEST_RUN) {
                text.append(new String(body, at, KEPT_OF_RUN, StandardCharsets.US_ASCII))
                        .append("... (")
                        .append(end - at)
                        .append(" characters)");
            } else if (end > at) {
                text.append(new String(body, at, end - at, StandardCharsets.US_ASCII));
            } else {
                end = otherEnd();
                text.append(new String(body, at, end - at, StandardCharsets.UTF_8));
            }
            at = end;
        }

        /** Where base64 that begins here ends. */
        private int runEnd() {
            int end = at;
            while (end < body.length && base64(body[end])) {
                end++;
            }
            return end;
        }

        private int otherEnd() {
            int end = at;
            while (end < body.length && end - at < LIMIT && !base64(body[end])) {
                end++;
            }
            return end;
        }

        private static boolean base64(byte octet) {
            return (octet >= 'a' && octet <= 'z')
                    || (octet >= 'A' && octet <= 'Z')
                    || (octet >= '0' && octet <= '9')
                    || "+/=-_".indexOf(octet) >= 0;
        }

        boolean whole() {
            return at >= body.length;
        }

        String text() {
            return text.toString();
        }
    }
}
