package io.mlflowgateway.langchain4j.kit.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A text to read facts from.
 *
 * @param text without the instruction that came before it
 */
record Passage(String text) {

    private static final Pattern INSTRUCTION =
            Pattern.compile("^.*(?:following(?! ID)[^:.]*|[Tt]ext)\\s*:\\s*", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("\\b[A-Z][a-z]+\\b");
    private static final Set<String> NO_NAMES = Set.of("The", "Labrador", "August");
    private static final Pattern PLACE =
            Pattern.compile("(?:\\b(?:in|to|for)|should be) ([A-Z][a-z]+(?: [A-Z][a-z]+)?)");
    private static final Pattern SENTENCE_END = Pattern.compile("[.?!]\\s+|[.?!](?=[A-Z]|$)");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])-?\\d+(?![\\w.]*\\d)");

    /** {@return what is to be read, without what is to be done with it} */
    static Passage of(String question) {
        return new Passage(INSTRUCTION.matcher(question).replaceFirst(""));
    }

    boolean says(String word) {
        return Pattern.compile("\\b" + word + "\\b", Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .find();
    }

    /** {@return the first group of the first match} */
    Optional<String> find(String regex) {
        return matches(Pattern.compile(regex)).map(match -> match.group(1)).findFirst();
    }

    List<String> names() {
        return matches(NAME)
                .map(MatchResult::group)
                .filter(name -> !NO_NAMES.contains(name))
                .toList();
    }

    Optional<String> place() {
        return matches(PLACE).map(match -> match.group(1)).findFirst();
    }

    List<String> numbers() {
        return matches(NUMBER).map(MatchResult::group).toList();
    }

    /** {@return those of the words that occur, as often and in the order as they do; single letters as they are written} */
    List<String> mentioned(List<String> words) {
        List<String> known = words.stream().map(Pattern::quote).toList();
        boolean letters = words.stream().allMatch(word -> word.length() == 1);
        Pattern any =
                Pattern.compile("\\b(?:" + String.join("|", known) + ")\\b", letters ? 0 : Pattern.CASE_INSENSITIVE);
        return matches(any).map(match -> asListed(match.group(), words)).toList();
    }

    private static String asListed(String found, List<String> words) {
        return words.stream().filter(found::equalsIgnoreCase).findFirst().orElse(found);
    }

    List<Passage> sentences() {
        return Stream.of(SENTENCE_END.split(text)).map(Passage::new).toList();
    }

    /** {@return the part that is about the member of this name; all of it where none is} */
    Passage about(String member) {
        return switch (member.toLowerCase(Locale.ROOT)) {
            case "shippingaddress" -> part("(delivery to [A-Z]\\w+(?: [A-Z]\\w+)?)");
            case "billingaddress" -> part("(billing address should be .*)");
            case "pet" -> part("(\\w+ \\w+ named \\w+)");
            case "left" -> part("(.*)\\+\\d+$");
            case "right" -> part("(\\d+)$");
            default -> this;
        };
    }

    private Passage part(String regex) {
        return find(regex).map(Passage::new).orElse(this);
    }

    /** {@return a passage for each of several alike: those listed after the member's name, else sentences, else names} */
    List<Passage> each(String member) {
        Optional<String> listed = find("\\b" + Pattern.quote(member) + ": (.*)");
        if (listed.isPresent()) {
            return new Passage(listed.get()).eachName();
        }
        List<Passage> sentences = sentences().stream()
                .filter(sentence -> !sentence.names().isEmpty())
                .toList();
        return sentences.size() > 1 ? sentences : eachName();
    }

    private List<Passage> eachName() {
        return names().stream().map(Passage::new).toList();
    }

    private Stream<MatchResult> matches(Pattern pattern) {
        return pattern.matcher(text).results();
    }
}
