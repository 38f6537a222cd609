package io.mlflowgateway.server.usage;

import java.util.List;

/**
 * Every metric of the gateway's own, once. Prometheus sees the dots as underscores, and its own endings behind counters
 * and times. The table in {@code docs/operations.md} is held to this one.
 */
enum Metric {
    CALLS(
            "gateway.calls",
            "Exchanges that are over, refused ones among them; status 0 where none was sent",
            "route",
            "task",
            "stream",
            "status",
            "outcome",
            "source"),
    CALL_DURATION("gateway.call.duration", "From a request's head to the last byte of its answer", "route", "stream"),
    TIME_TO_FIRST_PIECE(
            "gateway.time.to.first.piece",
            "From a request's head to the first piece of a stream, or to a whole answer",
            "route",
            "stream"),
    TOKENS(
            "gateway.tokens",
            "Tokens as providers counted them; direction is prompt, completion, or hedged_prompt for what a target read"
                    + " that another one overtook",
            "route",
            "direction"),
    ESTIMATED_TOKENS(
            "gateway.estimated.tokens",
            "Of gateway.tokens those that no provider counted, and the gateway guessed; direction is prompt or completion",
            "route",
            "direction"),
    COST(
            "gateway.cost.usd",
            "What calls cost, in US dollars, where a price is known or one stands in; without what a target read that another one overtook",
            "route",
            "target"),
    UNKNOWN_PRICE(
            "gateway.unknown.price",
            "Calls of targets whose price nobody knows, refused ones among them",
            "route",
            "target"),
    UPSTREAM_ATTEMPTS(
            "gateway.upstream.attempts",
            "Attempts at targets that ended; outcome is answered, refused (for what the caller asked), failed, left (the"
                    + " caller left, another target was faster, or the gateway refused itself) or broke_off (besides"
                    + " answered)",
            "route",
            "target",
            "outcome"),
    EXTRA_ATTEMPTS(
            "gateway.extra.attempts",
            "Attempts on top of the first one of each call; reason is retry, fallback or hedge",
            "route",
            "reason"),
    TARGET_STATE(
            "gateway.target.state",
            "Of targets that are watched and were asked: 0 while calls are let through, 1 while not, 2 while one tries"
                    + " whether it is well again",
            "route",
            "target"),
    UPSTREAM_ERRORS(
            "gateway.upstream.errors",
            "Exchanges that failed because of an upstream, by the kind of failure",
            "route",
            "provider",
            "code"),
    UNKNOWN_FINISH_REASONS(
            "gateway.unknown.finish.reasons",
            "Answers that ended for a reason the gateway does not know at that provider; the reason stands in the answer's"
                    + " native_finish_reason",
            "provider"),
    IN_FLIGHT("gateway.in.flight", "Exchanges that are running"),
    CONNECTIONS("gateway.connections", "Connections from callers that are open"),
    CONNECTIONS_REFUSED("gateway.connections.refused", "Connections from callers closed at once", "reason"),
    LAST_RELOAD_SUCCESS(
            "gateway.config.last.reload.success", "1 when the configuration file, as it is now, is in force; else 0"),
    LAST_RELOAD_TIMESTAMP(
            "gateway.config.last.reload.timestamp",
            "When the file last changed something, or failed to; at first the start"),
    RELOADS("gateway.config.reloads", "Changes of the configuration file; result is success or failure", "result"),
    CONFIG_INFO("gateway.config.info", "1 for the version of the configuration in force", "version"),
    ROUTES("gateway.routes", "Routes in force"),
    READY("gateway.ready", "1 until the gateway is told to stop, then 0"),
    INFO("gateway.info", "1 for the version of the gateway", "version"),
    LOG_DROPPED("gateway.log.dropped", "Lines of the log that were lost because nobody read it fast enough");

    private final String meterName;
    private final String description;
    private final List<String> labels;

    Metric(String meterName, String description, String... labels) {
        this.meterName = meterName;
        this.description = description;
        this.labels = List.of(labels);
    }

    /** As Micrometer has it. */
    String meterName() {
        return meterName;
    }

    String description() {
        return description;
    }

    List<String> labels() {
        return labels;
    }
}
