package io.mlflowgateway.server.log;

import java.util.function.UnaryOperator;

/** {@code moment LEVEL Logger message key=value ...}: for people. */
final class PlainForm extends LineForm {
    private static final int LEVEL_WIDTH = 5;

    private final Memory names = new Memory(PlainForm::simpleName);

    PlainForm(UnaryOperator<String> mask) {
        super(mask);
    }

    @Override
    void write(Line line, Paper out) {
        stamp.write(line.millis(), out);
        out.add(' ').word(line.level());
        for (int width = line.level().length(); width < LEVEL_WIDTH; width++) {
            out.add(' ');
        }
        out.add(' ');
        names.write(line.logger(), out);
        if (line.entry().isEmpty()) {
            out.add(' ').text(Escapes.open(message(line)));
        }
        rest(line, new Fields(out, this));
        out.add('\n');
    }

    @Override
    String quoted(String text) {
        return Escapes.isBare(text) ? text : Escapes.quoted(text);
    }

    @Override
    String keyed(String key) {
        return ' ' + key + '=';
    }

    @Override
    String said(String word) {
        return word;
    }

    private static String simpleName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
