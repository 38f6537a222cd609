package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.UpstreamSettings;

/** Gives each route the sender for its settings. Implemented by {@code upstream}; tests use a fake. */
@FunctionalInterface
public interface Senders {
    /**
     * The sender of a route; the same settings bring the same connections as before.
     *
     * @param route whose connections are its own when it limits them itself
     * @param settings the server's with what the route says otherwise
     */
    Sender sender(String route, UpstreamSettings settings);
}
