package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.Settings;
import java.time.Instant;

/**
 * One try at one target: what a provider may not fetch for itself.
 *
 * @param model the model's name at the provider
 * @param settings the target's provider settings, credential included
 * @param now the instant, for providers that sign
 */
public record Attempt(String model, Settings settings, Instant now) {}
