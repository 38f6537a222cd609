package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;
import io.mlflowgateway.server.query.Task;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a provider wants OpenAI's request body. {@link #OPENAI} changes nothing but what every call changes; the forms of
 * others are made from it by what differs.
 *
 * @param known the only members that may go, in the provider's names; empty for any
 * @param dropped members that must not go
 * @param renamed from OpenAI's names to the provider's; a member that comes in the provider's own name wins
 * @param namesModel whether the model stands in the body
 * @param asksForUsage whether a stream must ask for the tokens it used; where not, {@code stream_options} never goes
 * @param completionsAsChat whether a completions query is asked as a chat of one message
 * @param messages how messages are wanted
 * @param classicScale what a temperature from 0 to 1 is multiplied by
 * @param scale what a temperature from 0 to 2 is multiplied by
 */
record RequestForm(
        Set<String> known,
        Set<String> dropped,
        Map<String, String> renamed,
        boolean namesModel,
        boolean asksForUsage,
        boolean completionsAsChat,
        MessageForm messages,
        BigDecimal classicScale,
        BigDecimal scale) {
    private static final String FORMAT = "encoding_format";
    private static final String TEMPERATURE = "temperature";

    static final RequestForm OPENAI = new RequestForm(
            Set.of(), Set.of(), Map.of(), true, true, false, MessageForm.ANY, BigDecimal.valueOf(2), BigDecimal.ONE);

    RequestForm {
        known = Set.copyOf(known);
        dropped = Set.copyOf(dropped);
        renamed = Map.copyOf(renamed);
    }

    /** This, closed to all members but these. */
    RequestForm closedTo(String... members) {
        return new RequestForm(
                Set.of(members),
                dropped,
                renamed,
                namesModel,
                asksForUsage,
                completionsAsChat,
                messages,
                classicScale,
                scale);
    }

    RequestForm dropping(List<String> members) {
        return new RequestForm(
                known,
                Set.copyOf(members),
                renamed,
                namesModel,
                asksForUsage,
                completionsAsChat,
                messages,
                classicScale,
                scale);
    }

    RequestForm renaming(Map<String, String> names) {
        return new RequestForm(
                known, dropped, names, namesModel, asksForUsage, completionsAsChat, messages, classicScale, scale);
    }

    RequestForm withoutModel() {
        return new RequestForm(
                known, dropped, renamed, false, asksForUsage, completionsAsChat, messages, classicScale, scale);
    }

    RequestForm withoutStreamOptions() {
        return new RequestForm(
                known, dropped, renamed, namesModel, false, completionsAsChat, messages, classicScale, scale);
    }

    RequestForm askingChat() {
        return new RequestForm(known, dropped, renamed, namesModel, asksForUsage, true, messages, classicScale, scale);
    }

    RequestForm messages(MessageForm form) {
        return new RequestForm(
                known, dropped, renamed, namesModel, asksForUsage, completionsAsChat, form, classicScale, scale);
    }

    /**
     * This, with other scales of temperature.
     *
     * @param classic for one given from 0 to 1
     * @param newer for one given from 0 to 2
     */
    RequestForm scaled(String classic, String newer) {
        return new RequestForm(
                known,
                dropped,
                renamed,
                namesModel,
                asksForUsage,
                completionsAsChat,
                messages,
                new BigDecimal(classic),
                new BigDecimal(newer));
    }

    /** What becomes of a caller's parameters in this form. */
    ParameterTable parameters(Task task) {
        ParameterTable table = known.isEmpty() ? ParameterTable.OPEN : ParameterTable.CLOSED.forwarding(known);
        table = table.without(dropped);
        for (Map.Entry<String, String> name : renamed.entrySet()) {
            table = table.with(Treatment.sentAs(name.getValue()), name.getKey());
        }
        if (task == Task.EMBEDDINGS) {
            boolean taken = table.of(FORMAT).kind() == Treatment.Kind.FORWARD;
            return taken ? table : table.with(Treatment.VECTORS_WRITTEN, FORMAT);
        }
        Treatment options = asksForUsage ? Treatment.USAGE_ASKED : Treatment.USAGE_COMES;
        ParameterTable all = table.with(options, "stream_options");
        return scaleRule()
                .map(rule -> all.with(Treatment.changed(TEMPERATURE, rule), TEMPERATURE))
                .orElse(all);
    }

    /** What becomes of a temperature; empty where it goes as it came. */
    private Optional<String> scaleRule() {
        boolean classicGoes = classicScale.compareTo(BigDecimal.ONE) == 0;
        boolean goes = scale.compareTo(BigDecimal.ONE) == 0;
        if (classicGoes && goes) {
            return Optional.empty();
        }
        String ofClassic = "times " + classicScale.toPlainString() + " where callers count it from 0 to 1";
        String ofOthers = "times " + scale.toPlainString() + " where callers count it from 0 to 2";
        return Optional.of(goes ? ofClassic : classicGoes ? ofOthers : ofClassic + ", " + ofOthers);
    }
}
