package io.mlflowgateway.server.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.mlflowgateway.server.secret.Masker;
import java.util.function.UnaryOperator;
import org.slf4j.event.KeyValuePair;

/** How an event becomes one line. For one thread. */
abstract class LineForm {
    /** Characters of a message that are shown at most. */
    static final int MOST_CHARS = 8 * 1024;

    private final UnaryOperator<String> mask;
    final Stamp stamp = new Stamp();

    /** @param mask takes the credentials out of a text and cuts it at {@link Masker#MAX_LENGTH} */
    LineForm(UnaryOperator<String> mask) {
        this.mask = mask;
    }

    /** The line with its line feed. */
    abstract void write(Line line, StringBuilder out);

    final UnaryOperator<String> mask() {
        return mask;
    }

    final String message(Line line) {
        return Masks.cut(mask.apply(line.message()), MOST_CHARS);
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
