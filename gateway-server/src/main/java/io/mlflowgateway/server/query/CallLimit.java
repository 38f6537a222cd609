package io.mlflowgateway.server.query;

import java.time.Duration;

/**
 * So many calls per period.
 *
 * @param calls at least 0; 0 refuses every call
 * @param period more than zero
 * @param periodText the period as MLflow words it in its refusal, for example {@code 1 minute}
 */
public record CallLimit(long calls, Duration period, String periodText) {}
