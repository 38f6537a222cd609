package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.parameter.OpenAiParameters;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The members of a body that are a value each. {@code null} is as good as absent. Wrong types fail with 400. */
public final class Parameters {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private final ObjectNode body;
    private final TemperatureRange range;

    Parameters(ObjectNode body, TemperatureRange range) {
        this.body = body;
        this.range = range;
    }

    /**
     * Puts members into an upstream's body that OpenAI's API does not know: the provider may. None that is there already.
     */
    public void addUnknown(ObjectNode upstream) {
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            if (!OpenAiParameters.isOfText(member.getKey()) && !upstream.has(member.getKey())) {
                upstream.set(member.getKey(), member.getValue());
            }
        }
    }

    /** Whether it is there and not null. */
    public boolean has(String name) {
        return body.hasNonNull(name);
    }

    public Optional<JsonNode> value(String name) {
        return has(name) ? Optional.of(body.path(name)) : Optional.empty();
    }

    public Optional<BigDecimal> number(String name) {
        return typed(name, JsonNode::isNumber, "a number").map(JsonNode::decimalValue);
    }

    /** A whole number that fits. */
    public Optional<Integer> integer(String name) {
        return typed(name, Parameters::isInt, "a whole number").map(JsonNode::intValue);
    }

    public Optional<String> text(String name) {
        return typed(name, JsonNode::isTextual, "a string").map(JsonNode::textValue);
    }

    /** {@code max_completion_tokens}, or its older name {@code max_tokens}. */
    public Optional<Integer> maxTokens() {
        Optional<Integer> newer = integer("max_completion_tokens");
        return newer.isPresent() ? newer : integer("max_tokens");
    }

    /** {@code stop} as a list, empty strings left out. */
    public List<String> stops() {
        List<String> stops = new ArrayList<>();
        JsonNode given = body.path("stop");
        for (JsonNode stop : given.isArray() ? given : List.of(given)) {
            if (!stop.asText("").isEmpty()) {
                stops.add(stop.asText());
            }
        }
        return stops;
    }

    /** How many choices are wanted. */
    public int choices() {
        return Math.max(1, integer("n").orElse(1));
    }

    /** The temperature scaled from the caller's range to 0 up to this. */
    public Optional<BigDecimal> temperature(BigDecimal most) {
        BigDecimal callers = range == TemperatureRange.ZERO_TO_ONE ? BigDecimal.ONE : TWO;
        return number("temperature")
                .map(given -> given.multiply(most).divide(callers).stripTrailingZeros());
    }

    private static boolean isInt(JsonNode value) {
        return value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToInt();
    }

    private Optional<JsonNode> typed(String name, Predicate<JsonNode> is, String wanted) {
        Optional<JsonNode> given = value(name);
        if (given.isPresent() && !is.test(given.get())) {
            throw Failure.of(Failure.Kind.INVALID_REQUEST, name + " must be " + wanted);
        }
        return given;
    }
}
