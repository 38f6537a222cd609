package io.mlflowgateway.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes a request target's path, once. */
final class RequestPath {
    private static final int SLASH = '/';
    private static final int BACKSLASH = '\\';

    private RequestPath() {}

    /**
     * The path with percent escapes decoded as UTF-8. Escaped slashes and backslashes stay as they came, so that they
     * never act as separators. Empty for anything malformed: a wrong escape, broken UTF-8, a control character, a path
     * that does not begin with {@code /}.
     *
     * @param raw origin form ({@code /a/b}) or absolute form ({@code http://host/a/b}) without query
     */
    static Optional<String> decode(String raw) {
        String path = originForm(raw);
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        if (isPlain(path)) {
            return Optional.of(path);
        }
        return unescape(path).filter(RequestPath::hasNoControls);
    }

    private static String originForm(String raw) {
        int at = authorityAt(raw);
        if (at < 0) {
            return raw;
        }
        int slash = raw.indexOf('/', at);
        return slash < 0 ? "/" : raw.substring(slash);
    }

    /** The host that a target in absolute form names, port and all as it stands there; empty for origin form. */
    static Optional<String> authority(String target) {
        int at = authorityAt(target);
        if (at < 0) {
            return Optional.empty();
        }
        int end = at;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return Optional.of(target.substring(at, end));
    }

    private static int authorityAt(String target) {
        boolean absolute = target.startsWith("http://") || target.startsWith("https://");
        return absolute ? target.indexOf("//") + 2 : -1;
    }

    private static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' || c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> unescape(String path) {
        byte[] bytes = new byte[path.length()];
        int length = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                int value = i + 2 < path.length() ? hex(path.charAt(i + 1), path.charAt(i + 2)) : -1;
                if (value < 0) {
                    return Optional.empty();
                }
                if (value == SLASH || value == BACKSLASH) {
                    bytes[length++] = '%';
                    continue;
                }
                bytes[length++] = (byte) value;
                i += 2;
            } else if (c <= ' ' || c > 0x7e) {
                return Optional.empty();
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return utf8(bytes, length);
    }

    private static Optional<String> utf8(byte[] bytes, int length) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean hasNoControls(String path) {
        return path.chars().noneMatch(Character::isISOControl);
    }

    private static int hex(char high, char low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 || high > 'f' || low > 'f' ? -1 : h * 16 + l;
    }
}
