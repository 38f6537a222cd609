package io.mlflowgateway.server.provider;

/**
 * Gemini signs the thought behind a tool call and wants the signature back with the call; OpenAI's form has no place for
 * it. It travels as the end of the call's id, which every client gives back.
 *
 * @param id what comes before it
 * @param base64 in the standard alphabet; empty where there is none
 */
record ThoughtSignature(String id, String base64) {
    private static final String MARK = "__sig__";

    /** The id with its signature behind it, of letters, digits, {@code _} and {@code -} only. */
    String inId() {
        return base64.isEmpty()
                ? id
                : id + MARK + base64.replace('+', '-').replace('/', '_').replace("=", "");
    }

    static ThoughtSignature of(String callId) {
        int mark = callId.indexOf(MARK);
        if (mark < 0) {
            return new ThoughtSignature(callId, "");
        }
        String signature = callId.substring(mark + MARK.length());
        String padding = "=".repeat((4 - signature.length() % 4) % 4);
        return new ThoughtSignature(
                callId.substring(0, mark), signature.replace('-', '+').replace('_', '/') + padding);
    }
}
