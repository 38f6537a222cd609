package io.mlflowgateway.server.config;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * What to say of a text that is not YAML. The parser's own messages quote the source, and with it perhaps a key; these
 * quote nothing.
 */
final class YamlMistake {
    /** By how the parser's problem begins; never by what it goes on to quote. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry(
                    "mapping values are not allowed",
                    "a ':' where none can be: quote the text, or check the indentation"),
            Map.entry("could not find expected ':'", "a line that is neither 'key: value' nor indented text"),
            Map.entry("expected <block end>", "the indentation does not fit the lines above"),
            Map.entry("found unexpected end of stream", "the file ends inside a quoted text"),
            Map.entry("found undefined alias", "an alias ('*') for which no anchor ('&') stands above"),
            Map.entry("found duplicate anchor", "an anchor ('&') that stands twice"),
            Map.entry("found unknown escape character", "an unknown '\\' escape: use single quotes or write '\\\\'"),
            Map.entry("found character '\\t", "a tab: indent with spaces"),
            Map.entry("found character", "a text may not begin with this character: quote it"),
            Map.entry("expected ',' or ']'", "a '[' that is not closed"),
            Map.entry("expected ',' or '}'", "a '{' that is not closed"),
            Map.entry("expected the node content", "a value is missing, or the file ends too early"),
            Map.entry("expected '<document start>'", "more text where the document has ended"),
            Map.entry("found undefined tag handle", "a tag ('!') that means nothing here; leave it out"));

    private YamlMistake() {}

    /** The line it was noticed on, from 1. */
    static int line(MarkedYAMLException mistake) {
        return mark(mistake).map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** What is wrong, as far as it can be said without quoting. */
    static String words(MarkedYAMLException mistake) {
        String problem = Optional.ofNullable(mistake.getProblem()).orElse("");
        String words = WORDS.entrySet().stream()
                .filter(entry -> problem.startsWith(entry.getKey()))
                .max(Map.Entry.comparingByKey(Comparator.comparingInt(String::length)))
                .map(Map.Entry::getValue)
                .orElse("something YAML does not allow");
        String column = mark(mistake)
                .map(mark -> " (column " + (mark.getColumn() + 1) + ")")
                .orElse("");
        return "is not YAML: " + words + column;
    }

    private static Optional<Mark> mark(MarkedYAMLException mistake) {
        return Optional.ofNullable(mistake.getProblemMark()).or(() -> Optional.ofNullable(mistake.getContextMark()));
    }
}
