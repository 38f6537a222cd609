package io.mlflowgateway.langchain4j.kit.model;

import java.util.Map;
import java.util.Optional;

/** What the model knows without being told. */
final class Knowledge {

    private static final Map<String, String> CAPITALS = Map.of("Germany", "Berlin", "France", "Paris");

    private Knowledge() {}

    static Optional<String> capitalAskedFor(Passage passage) {
        return passage.find("capital of ([A-Z][a-z]+)").map(CAPITALS::get);
    }
}
