package io.mlflowgateway.samples.demo;

/** Writes the gateway's configuration for the demo. */
final class DemoConfig {
    private DemoConfig() {}

    /** @param localModelServer serves the embeddings whatever the text source is, so that retrieval is real */
    static String yaml(TextSource text, String localModelServer) {
        return """
                # Written by ./demo. Change it while the gateway runs: what you save is served within two seconds.
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model: %s
                  - name: chat-b
                    endpoint_type: llm/v1/chat
                    model: %s
                  - name: completions
                    endpoint_type: llm/v1/completions
                    model: %s
                  - name: embeddings
                    endpoint_type: llm/v1/embeddings
                    model:
                      provider: openai
                      name: all-minilm-l6-v2
                      config:
                        openai_api_base: %s/v1
                        openai_api_key: not-needed
                  - name: reloaded
                    endpoint_type: llm/v1/chat
                    model:
                      provider: echo
                      name: model-one
                """.formatted(text.chat(), text.chatB(), text.completions(), localModelServer);
    }
}
