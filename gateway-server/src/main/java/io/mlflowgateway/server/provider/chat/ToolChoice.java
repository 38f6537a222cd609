package io.mlflowgateway.server.provider.chat;

/**
 * Which tool the model may or must ask for.
 *
 * @param name of the one it must; empty otherwise
 * @param parallel whether it may ask for several at once
 */
public record ToolChoice(Mode mode, String name, boolean parallel) {
    /** As OpenAI's words, {@code NAMED} for a function by name. */
    public enum Mode {
        /** Nothing was said: the provider's default. */
        UNSET,
        AUTO,
        NONE,
        REQUIRED,
        NAMED
    }
}
