package io.mlflowgateway.server.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.mlflowgateway.server.secret.Masker;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.event.KeyValuePair;

/** How an event becomes one line. For one thread. */
abstract class LineForm {
    /** Characters of a message that are shown at most. */
    static final int MOST_CHARS = 8 * 1024;

    private static final byte[] NOTHING = {};

    private final UnaryOperator<String> mask;
    private final Memory keys = new Memory(this::keyed);
    private final Memory words = new Memory(this::said);
    private final Memory texts = new Memory(this::shown);
    private final Map<Object, byte[]> owners = new IdentityHashMap<>();
    final Stamp stamp = new Stamp();

    /** @param mask takes the credentials out of a text and cuts it at {@link Masker#MAX_LENGTH} */
    LineForm(UnaryOperator<String> mask) {
        this.mask = mask;
    }

    /** The line with its line feed. */
    abstract void write(Line line, Paper out);

    /** The text as a value: with quotes about it where the form has them, and what keeps it inside. */
    abstract String quoted(String text);

    /** What stands before the value of a field that is not the first of its line. */
    abstract String keyed(String key);

    /** A word of the code's own as a value. */
    abstract String said(String word);

    final void begin(String key, Paper out) {
        keys.write(key, out);
    }

    final void say(String word, Paper out) {
        words.write(word, out);
    }

    /** A short text from anywhere, as a value. */
    final void show(String text, Paper out) {
        texts.write(text, out);
    }

    /** What {@link #know} was told last of this very object; empty before. */
    final byte[] known(Object owner) {
        return owners.getOrDefault(owner, NOTHING);
    }

    final void know(Object owner, byte[] fields) {
        if (owners.size() >= Memory.MOST_REMEMBERED) {
            owners.clear();
        }
        owners.put(owner, fields);
    }

    final String masked(String text) {
        return mask.apply(text);
    }

    final String message(Line line) {
        return Masks.cut(masked(line.message()), MOST_CHARS);
    }

    private String shown(String text) {
        return quoted(Masks.cut(masked(text), Fields.MOST_CHARS));
    }

    /** What comes behind the message in both forms. */
    final void rest(Line line, Fields fields) {
        line.entry().ifPresent(entry -> entry.writeTo(fields));
        for (KeyValuePair pair : line.pairs()) {
            fields.text(pair.key, String.valueOf(pair.value));
        }
        line.thrown().ifPresent(thrown -> fields.longText("exception", trace(thrown)));
    }

    private static String trace(IThrowableProxy thrown) {
        return ThrowableProxyUtil.asString(thrown).strip();
    }
}
