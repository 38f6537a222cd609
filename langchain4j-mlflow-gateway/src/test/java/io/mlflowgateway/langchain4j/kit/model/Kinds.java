package io.mlflowgateway.langchain4j.kit.model;

import java.util.Optional;
import java.util.regex.Pattern;

/** Which kind of thing a passage is about, where a schema allows several. */
final class Kinds {

    private static final Pattern SUM = Pattern.compile("\\d+(?:\\+\\d+)+");

    private Kinds() {}

    /** {@return what to read of the passage for a thing of this kind; nothing where it is about another} */
    static Optional<Passage> read(String kind, Passage passage) {
        return switch (kind) {
            case "Dog" -> passage.says("dog") || passage.says("Labrador") ? Optional.of(passage) : Optional.empty();
            case "Addition" -> SUM.matcher(passage.text()).results().findFirst().map(sum -> new Passage(sum.group()));
            case "Constant" -> Optional.of(passage).filter(text -> text.text().matches("\\d+"));
            default -> passage.says(kind) ? Optional.of(passage) : Optional.empty();
        };
    }
}
