package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.secret.Credential;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One try at one target: what a provider may not fetch for itself.
 *
 * @param model the model's name at the provider
 * @param settings the target's provider settings; a token that was fetched stands where the key would
 * @param credential what is shown to the upstream, fetched already; NONE where the provider has none, or several secrets
 * @param forwarded members to be sent though the provider has no place for them, as JSON text by name
 * @param clock the instant, for providers that sign: not all calls of an attempt begin at once
 */
public record Attempt(
        String model,
        Settings settings,
        Credential credential,
        Map<String, String> forwarded,
        Supplier<Instant> clock) {
    public Attempt {
        forwarded = Map.copyOf(forwarded);
    }

    /** An attempt that sends no more than the provider knows. */
    public Attempt(String model, Settings settings, Credential credential, Instant now) {
        this(model, settings, credential, Map.of(), () -> now);
    }

    /** An attempt that shows what stands in its settings. */
    public Attempt(String model, Settings settings, Instant now) {
        this(model, settings, settings.credential(), now);
    }

    /** The instant, as far as the attempt has come. */
    public Instant now() {
        return clock.get();
    }
}
