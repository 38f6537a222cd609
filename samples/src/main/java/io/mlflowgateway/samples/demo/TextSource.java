package io.mlflowgateway.samples.demo;

/**
 * Where the demo's text comes from.
 *
 * @param said what the demo tells the user about it
 * @param chat the model behind the route {@code chat}, in the gateway's YAML
 * @param chatB the one behind {@code chat-b}
 * @param completions the one behind {@code completions}
 */
record TextSource(String said, String chat, String chatB, String completions) {}
