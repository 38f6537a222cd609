package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.config.UpstreamSettings;
import java.util.Optional;

/** Gives each target its sender. Implemented by {@code upstream}; tests use a fake. */
@FunctionalInterface
public interface Senders {
    /**
     * The sender to a target. Equal arguments bring the same sender, and with it the connections it has.
     *
     * @param owner the route whose connections these are alone; empty for the ones that all others share
     * @param settings the server's with what the route says otherwise
     * @param provider of the target, by its canonical name
     * @param target its provider settings
     */
    Sender sender(Optional<String> owner, UpstreamSettings settings, String provider, Settings target);
}
