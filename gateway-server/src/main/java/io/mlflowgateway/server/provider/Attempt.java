package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.secret.Credential;
import java.time.Instant;

/**
 * One try at one target: what a provider may not fetch for itself.
 *
 * @param model the model's name at the provider
 * @param settings the target's provider settings; a token that was fetched stands where the key would
 * @param credential what is shown to the upstream, fetched already; NONE where the provider has none, or several secrets
 * @param now the instant, for providers that sign
 */
public record Attempt(String model, Settings settings, Credential credential, Instant now) {
    /** An attempt that shows what stands in its settings. */
    public Attempt(String model, Settings settings, Instant now) {
        this(model, settings, settings.credential(), now);
    }
}
