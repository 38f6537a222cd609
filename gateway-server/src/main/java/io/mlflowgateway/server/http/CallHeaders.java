package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.query.Usd;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the answer to a call tells in headers besides its body: who answered, what of
 * the question was left out, how long it took, what it cost, how the route's limit stands. Written where the heads of all answers are made, so that no surface leaves any out. A stream's head goes out
 * with its first piece, and tells what is known by then.
 */
final class CallHeaders {
    private static final AsciiString ROUTE = AsciiString.cached("x-gateway-route");
    private static final AsciiString TARGET = AsciiString.cached("x-gateway-target");
    private static final AsciiString PROVIDER = AsciiString.cached("x-gateway-provider");
    private static final AsciiString SERVED_MODEL = AsciiString.cached("x-gateway-served-model");
    private static final AsciiString DROPPED = AsciiString.cached("x-gateway-dropped-parameters");
    private static final AsciiString ATTEMPTS = AsciiString.cached("x-gateway-attempts");
    private static final AsciiString DURATION = AsciiString.cached("x-mlflow-gateway-duration-ms");
    private static final AsciiString OVERHEAD = AsciiString.cached("x-mlflow-gateway-overhead-duration-ms");
    private static final AsciiString COST = AsciiString.cached("x-gateway-cost-usd");
    private static final AsciiString USAGE = AsciiString.cached("x-gateway-usage");
    private static final AsciiString ESTIMATED = AsciiString.cached("estimated");
    private static final AsciiString LIMIT = AsciiString.cached("x-ratelimit-limit-requests");
    private static final AsciiString REMAINING = AsciiString.cached("x-ratelimit-remaining-requests");
    private static final AsciiString RESET = AsciiString.cached("x-ratelimit-reset-requests");

    private CallHeaders() {}

    /** Adds what is known. Nothing where no route was asked. */
    static void addTo(HttpHeaders headers, Notes notes) {
        if (notes.route().isPresent()) {
            ofCall(headers, notes, notes.route().get());
        }
    }

    private static void ofCall(HttpHeaders headers, Notes notes, Route route) {
        headers.set(ROUTE, route.name());
        if (notes.target().isPresent()) {
            Notes.Target target = notes.target().get();
            headers.set(TARGET, sendable(target.name()));
            headers.set(PROVIDER, sendable(target.provider()));
            if (!target.model().isEmpty()) {
                headers.set(SERVED_MODEL, sendable(target.model()));
            }
            headers.setInt(ATTEMPTS, notes.attempts());
            List<String> dropped = notes.dropped();
            if (!dropped.isEmpty()) {
                headers.set(DROPPED, String.join(", ", dropped));
            }
        }
        // Read before the total: the part is never larger than the whole.
        long upstream = notes.upstreamNanos();
        long total = System.nanoTime() - notes.beganNanos();
        headers.set(DURATION, millis(total));
        headers.set(OVERHEAD, millis(total - upstream));
        OptionalLong cost = notes.costPicoUsd();
        // A stream's head goes out before its tokens are counted.
        if (cost.isPresent() && !notes.streams()) {
            headers.set(COST, Usd.text(cost.getAsLong()));
        }
        if (notes.usage().estimated() && !notes.streams()) {
            headers.set(USAGE, ESTIMATED);
        }
        if (notes.limitState().isPresent()) {
            Notes.LimitState state = notes.limitState().get();
            headers.set(LIMIT, Long.toString(state.calls()));
            headers.set(REMAINING, Long.toString(state.remaining()));
            headers.set(RESET, state.resetSeconds() + "s");
        }
    }

    /** Milliseconds with three digits behind the point. */
    static String millis(long nanos) {
        long micros = nanos / 1_000;
        long fraction = micros % 1_000;
        return micros / 1_000 + (fraction < 10 ? ".00" : fraction < 100 ? ".0" : ".") + fraction;
    }

    /** Names of targets and models are what the configuration says: what a header cannot hold is percent-encoded, in UTF-8. */
    static String sendable(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (!plain(text.charAt(at))) {
                return encoded(text);
            }
        }
        return text;
    }

    private static boolean plain(int octet) {
        return octet > ' ' && octet < 0x7f && octet != '%';
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (plain(octet)) {
                out.append((char) octet);
            } else {
                out.append('%').append(String.format("%02X", octet));
            }
        }
        return out.toString();
    }
}
