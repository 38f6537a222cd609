package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;

/**
 * Takes one request in: judges its head, finds who answers it, collects its body within the limits and hands it over.
 * Belongs to its connection's event loop.
 */
final class Intake {
    private static final byte[] NOTHING = {};

    private final Edge edge;
    private final Exchange exchange;
    private final BodyBuffer body;
    private Optional<Endpoint> reader = Optional.empty();
    private boolean ended;

    Intake(Edge edge, Exchange exchange) {
        this.edge = edge;
        this.exchange = exchange;
        this.body = new BodyBuffer(edge.limits().requestBody(), edge.memory());
    }

    Exchange exchange() {
        return exchange;
    }

    /** Whether the body has been read to its end. */
    boolean ended() {
        return ended;
    }

    /** Whether somebody waits for the body. */
    boolean awaited() {
        return reader.isPresent();
    }

    /** Why the request must be refused by its head alone. */
    Optional<Failure> judge(HttpRequest request) {
        Optional<Failure> problem = edge.heads().problem(exchange.head(), request);
        return problem.isPresent() ? problem : announcedTooLarge(request);
    }

    private Optional<Failure> announcedTooLarge(HttpRequest request) {
        boolean tooLarge =
                HttpUtil.getContentLength(request, 0L) > edge.limits().requestBody();
        return tooLarge ? Optional.of(tooLarge()) : Optional.empty();
    }

    /**
     * Finds who answers. Where the answer does not depend on the body it is given at once, and the body only read away.
     *
     * @param asksFirst whether the caller waits to be told to send its body; one that is told something else may send it
     *     or not, so nothing can follow on its connection
     */
    void find(boolean asksFirst) {
        Head head = exchange.head();
        try {
            Endpoint endpoint = edge.site().endpoint(head);
            if (endpoint.needsBody(head)) {
                reader = Optional.of(endpoint);
            } else {
                endAfter(asksFirst);
                exchange.answerBy(endpoint, NOTHING);
            }
        } catch (Failure failure) {
            endAfter(asksFirst);
            exchange.fail(failure);
        } catch (RuntimeException bug) {
            endAfter(asksFirst);
            exchange.fail(bug);
        }
    }

    private void endAfter(boolean asksFirst) {
        if (asksFirst) {
            exchange.closeAfterwards();
        }
    }

    /** Takes a part of the body; gives the reason when the request must be refused for it. */
    Optional<Failure> add(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            return Optional.of(Failure.of(Kind.INVALID_REQUEST, "malformed HTTP body"));
        }
        exchange.received(content.content().readableBytes());
        // A body nobody will read is counted, not kept.
        BodyBuffer.Added added = awaited() ? body.add(content.content()) : body.skip(content.content());
        ended = content instanceof LastHttpContent;
        return switch (added) {
            case ALL -> Optional.empty();
            case TOO_LARGE -> Optional.of(tooLarge());
            case NO_MEMORY -> Optional.of(crowded());
        };
    }

    /** The body is whole: whoever waits for it gets it. */
    void handOver() {
        Optional<Endpoint> by = reader;
        reader = Optional.empty();
        by.ifPresent(endpoint -> exchange.answerBy(endpoint, body.take()));
    }

    /** Nobody reads the body any more. */
    void release() {
        reader = Optional.empty();
        body.release();
    }

    private Failure tooLarge() {
        return Failure.of(
                Kind.TOO_LARGE,
                "the request body is larger than " + edge.limits().requestBody() + " bytes");
    }

    private static Failure crowded() {
        return Failure.of(Kind.UNAVAILABLE, "too many large request bodies at once; try again in a moment")
                .retryAfter("1");
    }
}
