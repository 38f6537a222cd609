package io.mlflowgateway.server.log;

/**
 * What keeps a text on its line and legible: control characters, line and paragraph separators, invisible characters
 * (bidirectional overrides among them) and lone surrogates become JSON escapes. The same in both forms of the log.
 */
final class Escapes {
    private static final String HEX = "0123456789abcdef";

    private Escapes() {}

    /** Whether the text can stand without quotes as the value of a pair. */
    static boolean isBare(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean bare = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z';
            if (!bare && "-_./:@%+~,*".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** With double quotes about it. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        escape(text, true, out);
        return out.append('"').toString();
    }

    /** For the rest of a line: quotes may stand as they are. */
    static String open(String text) {
        StringBuilder out = new StringBuilder(text.length());
        escape(text, false, out);
        return out.toString();
    }

    private static void escape(String text, boolean quotes, StringBuilder out) {
        int copied = 0;
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            int next = at + Character.charCount(point);
            if (point == '\\' || (point == '"' && quotes)) {
                out.append(text, copied, at).append('\\').append((char) point);
                copied = next;
            } else if (point < ' ' || point >= 0x7f && isHidden(point)) {
                out.append(text, copied, at);
                for (int i = at; i < next; i++) {
                    escape(text.charAt(i), out);
                }
                copied = next;
            }
            at = next;
        }
        out.append(text, copied, text.length());
    }

    private static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX.charAt(c >> shift & 0xf));
                }
            }
        }
    }
}
