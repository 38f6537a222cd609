package io.mlflowgateway.langchain4j.internal;

import java.util.Optional;

/**
 * How a chat model writes requests and reads answers.
 *
 * @param strictJsonSchema whether JSON schemas of answers are strict
 * @param strictTools whether schemas of tools are strict unless the tool says otherwise
 * @param returnThinking whether reasoning text is handed out
 * @param thinkingField under which name earlier thinking is sent back; empty for not at all
 */
public record ChatOptions(
        boolean strictJsonSchema, boolean strictTools, boolean returnThinking, Optional<String> thinkingField) {}
