package io.mlflowgateway.server.log;

import java.util.function.UnaryOperator;

/** One JSON object a line: for collectors. */
final class JsonForm extends LineForm {
    JsonForm(UnaryOperator<String> mask) {
        super(mask);
    }

    @Override
    void write(Line line, StringBuilder out) {
        out.append("{\"timestamp\":\"");
        stamp.write(line.millis(), out);
        out.append('"');
        JsonFields fields = new JsonFields(out, mask());
        fields.word("level", line.level());
        fields.text("logger", line.logger()).text("thread", line.thread());
        if (line.entry().isPresent()) {
            fields.word("message", line.entry().get().kind());
        } else {
            fields.value("message", message(line), out);
        }
        rest(line, fields);
        out.append("}\n");
    }
}
