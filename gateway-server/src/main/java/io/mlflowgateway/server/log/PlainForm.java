package io.mlflowgateway.server.log;

import java.util.function.UnaryOperator;

/** {@code moment LEVEL Logger message key=value ...}: for people. */
final class PlainForm extends LineForm {
    private static final int LEVEL_WIDTH = 5;

    PlainForm(UnaryOperator<String> mask) {
        super(mask);
    }

    @Override
    void write(Line line, StringBuilder out) {
        stamp.write(line.millis(), out);
        out.append(' ').append(line.level());
        out.append(" ".repeat(Math.max(0, LEVEL_WIDTH - line.level().length())));
        out.append(' ').append(line.logger().substring(line.logger().lastIndexOf('.') + 1));
        if (line.entry().isEmpty()) {
            out.append(' ');
            Escapes.open(message(line), out);
        }
        rest(line, new PlainFields(out, mask()));
        out.append('\n');
    }
}
