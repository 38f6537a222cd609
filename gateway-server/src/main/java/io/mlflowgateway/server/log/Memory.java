package io.mlflowgateway.server.log;

import io.mlflowgateway.server.secret.Masker;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * How texts are shown, for one thread. The same few paths, routes and models stand in nearly every line; ids do not, and
 * would drive them out.
 */
final class Memory {
    static final int MOST_REMEMBERED = 512;

    private final Function<String, byte[]> show;
    private final Map<String, byte[]> shown = new HashMap<>();

    Memory(Function<String, byte[]> show) {
        this.show = show;
    }

    /** As the function shows it. */
    byte[] shown(String text) {
        byte[] known = shown.get(text);
        return known != null ? known : first(text);
    }

    private byte[] first(String text) {
        byte[] now = show.apply(text);
        if (text.length() <= Fields.MOST_CHARS && !Masker.isHexadecimal(text)) {
            if (shown.size() >= MOST_REMEMBERED) {
                shown.clear();
            }
            shown.put(text, now);
        }
        return now;
    }
}
