package io.mlflowgateway.server.log;

import java.util.function.UnaryOperator;

/** One JSON object a line: for collectors. */
final class JsonForm extends LineForm {
    JsonForm(UnaryOperator<String> mask) {
        super(mask);
    }

    @Override
    void write(Line line, Paper out) {
        out.word("{\"timestamp\":\"");
        stamp.write(line.millis(), out);
        out.add('"');
        Fields fields = new Fields(out, this);
        fields.word("level", line.level());
        fields.text("logger", line.logger()).text("thread", line.thread());
        if (line.entry().isPresent()) {
            fields.word("message", line.entry().get().kind());
        } else {
            fields.sentence(message(line));
        }
        rest(line, fields);
        out.add('}').add('\n');
    }

    @Override
    String keyed(String key) {
        return ",\"" + key + "\":";
    }

    @Override
    String said(String word) {
        return '"' + word + '"';
    }

    @Override
    String quoted(String text) {
        return Escapes.quoted(text);
    }
}
