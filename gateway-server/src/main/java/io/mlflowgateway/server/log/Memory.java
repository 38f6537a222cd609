package io.mlflowgateway.server.log;

import io.mlflowgateway.server.secret.Masker;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * How texts are shown, for one thread. The same few paths, routes and models stand in nearly every line; ids do not, and
 * would drive them out.
 */
final class Memory {
    static final int MOST_REMEMBERED = 512;

    private final UnaryOperator<String> show;
    private final Map<String, byte[]> shown = new HashMap<>();

    Memory(UnaryOperator<String> show) {
        this.show = show;
    }

    /** Writes it as the function shows it. */
    void write(String text, Paper out) {
        byte[] known = shown.get(text);
        if (known != null) {
            out.piece(known);
        } else {
            out.add(first(text));
        }
    }

    private byte[] first(String text) {
        byte[] now = show.apply(text).getBytes(StandardCharsets.UTF_8);
        if (text.length() <= Fields.MOST_CHARS && !Masker.isHexadecimal(text)) {
            if (shown.size() >= MOST_REMEMBERED) {
                shown.clear();
            }
            shown.put(text, now);
        }
        return now;
    }
}
