package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the members of objects are called, and how each is read from a text. */
final class Lexicon {

    private static final String UUID = "\\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\b";
    private static final String TIME = "\\b(\\d{1,2}):(\\d{2})\\b";
    private static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");

    private static final Map<String, Function<Passage, Optional<JsonNode>>> STRINGS = Map.of(
            "name", passage -> passage.names().stream().findFirst().map(TextNode::new),
            "id", passage -> passage.find(UUID).map(TextNode::new),
            "city",
                    passage -> Knowledge.capitalAskedFor(passage)
                            .or(passage::place)
                            .map(TextNode::new),
            "country", passage -> passage.place().map(TextNode::new),
            "breed", passage -> passage.find("\\b(Labrador)\\b").map(TextNode::new));

    private static final Map<String, Function<Passage, Optional<JsonNode>>> NUMBERS = Map.of(
            "age", passage -> passage.find("(\\d+)[ -]years?[ -]old").map(Lexicon::number),
            "height", passage -> passage.find("(\\d+\\.\\d+) ?m").map(Lexicon::number),
            "year",
                    passage -> passage.find("\\d+(?:st|nd|rd|th) of [A-Z][a-z]+ (\\d{4})")
                            .map(Lexicon::number),
            "month",
                    passage -> passage.find("of ([A-Z][a-z]+) \\d{4}")
                            .map(MONTHS::indexOf)
                            .map(at -> new IntNode(at + 1)),
            "day", passage -> passage.find("(\\d+)(?:st|nd|rd|th) of [A-Z]").map(Lexicon::number),
            "hour", passage -> passage.find(TIME).map(Lexicon::number),
            "minute", passage -> passage.find("\\b\\d{1,2}:(\\d{2})\\b").map(Lexicon::number),
            "second", Lexicon::zeroInATime,
            "nano", Lexicon::zeroInATime);

    private static final Map<String, Function<Passage, Optional<JsonNode>>> BOOLEANS = Map.of(
            "married", Lexicon::married,
            "indoor", passage -> Optional.of(BooleanNode.valueOf(passage.says("indoor"))),
            "value", passage -> Optional.of(BooleanNode.valueOf(passage.says("man"))));

    private Lexicon() {}

    /** {@return the string this member is; for a name that says nothing, an id or a place} */
    static Optional<JsonNode> string(String member, Passage passage) {
        Function<Passage, Optional<JsonNode>> any =
                text -> passage.find(UUID).or(passage::place).map(TextNode::new);
        return isArgument(member)
                ? any.apply(passage)
                : STRINGS.getOrDefault(member, text -> Optional.empty()).apply(passage);
    }

    static Optional<JsonNode> integer(String member, Passage passage) {
        if (member.equals("value")) {
            return Optional.of(passage.text().matches("\\d+") ? number(passage.text()) : people(passage));
        }
        return NUMBERS.getOrDefault(member, text -> Optional.empty()).apply(passage);
    }

    static Optional<JsonNode> decimal(String member, Passage passage) {
        return member.equals("value") ? passage.find("(-?\\d+\\.\\d+)").map(Lexicon::number) : integer(member, passage);
    }

    static Optional<JsonNode> truth(String member, Passage passage) {
        return BOOLEANS.getOrDefault(member, text -> Optional.empty()).apply(passage);
    }

    /** {@return the strings of a list of this name} */
    static List<String> strings(String member, Passage passage) {
        if (member.toLowerCase(Locale.ROOT).contains("color")) {
            return passage.find("likes (.*)")
                    .map(colors -> List.of(colors.split(" and ")))
                    .orElse(List.of());
        }
        return member.equals("values") || isArgument(member) ? passage.names() : List.of();
    }

    /** {@return whether a method's parameter lost its name when it was compiled} */
    static boolean isArgument(String member) {
        return member.matches("arg\\d+");
    }

    private static Optional<JsonNode> married(Passage passage) {
        if (passage.says("married")) {
            return Optional.of(BooleanNode.TRUE);
        }
        return passage.says("single") ? Optional.of(BooleanNode.FALSE) : Optional.empty();
    }

    private static Optional<JsonNode> zeroInATime(Passage passage) {
        return passage.find(TIME).map(time -> new IntNode(0));
    }

    private static JsonNode people(Passage passage) {
        return new IntNode(passage.names().size());
    }

    static JsonNode number(String digits) {
        return digits.matches("-?\\d+")
                ? new IntNode(Integer.parseInt(digits))
                : new DecimalNode(new BigDecimal(digits));
    }
}
