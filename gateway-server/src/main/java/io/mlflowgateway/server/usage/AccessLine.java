package io.mlflowgateway.server.usage;

import io.mlflowgateway.server.log.Entry;
import io.mlflowgateway.server.log.Fields;
import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.query.Usd;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One exchange that is over, as the access log shows it: never a body, a query or a header, and of parameters but
 * the names of those that were left out. */
record AccessLine(Notes notes, Ending ending) implements Entry {
    /** What is said of these is the gateway's own words, or masked. The others' may quote a caller. */
    private static final Set<Failure.Kind> EXPLAINED = EnumSet.of(
            Failure.Kind.UNAVAILABLE,
            Failure.Kind.PRICE_UNKNOWN,
            Failure.Kind.UPSTREAM_UNREACHABLE,
            Failure.Kind.UPSTREAM_INVALID,
            Failure.Kind.UPSTREAM_TIMEOUT);

    /** Of all but the path: a failure and what led to it among the rest. */
    private static final int WEIGHT = 1024;

    @Override
    public String kind() {
        return "request";
    }

    @Override
    public int weight() {
        return WEIGHT + notes.path().length();
    }

    @Override
    public void writeTo(Fields out) {
        out.text("request_id", notes.id()).text("method", notes.method()).text("path", notes.path());
        notes.route().ifPresent(route -> out.same(route, AccessLine::asked));
        out.flag("stream", notes.streams()).number("status", ending.status());
        out.word("outcome", ending.outcome().wireName());
        ending.failure().ifPresent(failure -> failed(failure, out));
        notes.target().ifPresent(target -> answeredBy(target, out));
        out.number("bytes_in", ending.bytesIn()).number("bytes_out", ending.bytesOut());
        out.millis("duration_ms", ending.took().toNanos());
        if (notes.streams()) {
            notes.timeToFirstPiece().ifPresent(time -> out.millis("first_piece_ms", time.toNanos()));
        }
        out.text("config_version", notes.configVersion());
    }

    private static void asked(Route route, Fields out) {
        out.text("route", route.name()).word("task", route.task().wireName());
    }

    private static void failed(Failure failure, Fields out) {
        out.word("failure", failure.kind().code());
        if (EXPLAINED.contains(failure.kind())) {
            out.text("reason", failure.getMessage());
        }
    }

    private void answeredBy(Notes.Target target, Fields out) {
        out.same(target, AccessLine::target);
        out.number("attempts", notes.attempts());
        List<String> dropped = notes.dropped();
        if (!dropped.isEmpty()) {
            out.text("dropped", String.join(",", dropped));
        }
        out.number("prompt_tokens", notes.usage().promptTokens());
        out.number("completion_tokens", notes.usage().completionTokens());
        if (notes.usage().estimated()) {
            out.flag("usage_estimated", true);
        }
        notes.costPicoUsd().ifPresent(pico -> out.decimal("cost_usd", Usd.text(pico)));
        if (notes.overtaken() > 0) {
            out.number("hedged_prompt_tokens", notes.usage().promptTokens() * notes.overtaken());
        }
    }

    private static void target(Notes.Target target, Fields out) {
        out.text("target", target.name()).text("provider", target.provider()).text("model", target.model());
    }

    /** For a program that logs as it likes. */
    @Override
    public String toString() {
        return Fields.plain(this);
    }
}
