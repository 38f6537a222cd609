package io.mlflowgateway.langchain4j.kit.model;

import java.util.Optional;

/** One thing the model knows how to do. */
@FunctionalInterface
interface Rule {

    /** {@return what to answer; nothing where this rule is not for the prompt} */
    Optional<Answer> answer(Prompt prompt);
}
