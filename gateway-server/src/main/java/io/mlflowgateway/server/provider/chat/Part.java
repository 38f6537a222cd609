package io.mlflowgateway.server.provider.chat;

/** A part of a turn's content. */
public sealed interface Part {

    /** Plain text; never empty. */
    record Text(String text) implements Part {}

    /**
     * A picture that came with the call.
     *
     * @param mediaType as {@code image/png}
     * @param base64 its bytes in the standard alphabet, not checked
     */
    record InlineImage(String mediaType, String base64) implements Part {}

    /** A picture that the provider has to fetch. */
    record LinkedImage(String url) implements Part {}

    /**
     * A document that came with the call.
     *
     * @param name empty where it has none
     */
    record InlineFile(String name, String mediaType, String base64) implements Part {}

    /**
     * What only some providers know, audio for example.
     *
     * @param type as the caller named it
     * @param at where it stands in the body
     */
    record Other(String type, String at) implements Part {}
}
