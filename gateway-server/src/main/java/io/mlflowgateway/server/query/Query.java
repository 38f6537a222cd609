package io.mlflowgateway.server.query;

/**
 * What a caller asks of a route, in the one form every stage and provider reads: OpenAI's request body for the task.
 * Dialects that differ have been translated on the way in; a body that came in OpenAI's form is the caller's own bytes.
 *
 * @param task what the route does
 * @param body OpenAI-shaped request; its {@code model} member, if any, is the caller's and means nothing upstream
 * @param streams whether the caller asked for an event stream
 * @param usageShown whether the caller asked to see the usage chunk of a stream
 * @param temperatureRange the public range the caller's {@code temperature} was given in
 */
public record Query(Task task, Body body, boolean streams, boolean usageShown, TemperatureRange temperatureRange) {

    /** The same with another body. */
    public Query asking(Body other) {
        return new Query(task, other, streams, usageShown, temperatureRange);
    }

    /**
     * The public temperature range of the caller's dialect. Providers scale from it to their own
     * (MLflow 2.5-2.8 published 0..1, later versions and OpenAI 0..2).
     */
    public enum TemperatureRange {
        ZERO_TO_ONE,
        ZERO_TO_TWO
    }
}
