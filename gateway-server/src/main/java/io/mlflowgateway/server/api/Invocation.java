package io.mlflowgateway.server.api;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Principal;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.QueryPipeline;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.routing.TargetRoute;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One query on any surface: bytes to call, through the pipeline, reply to bytes. */
public final class Invocation {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final Map<String, String> STREAM = Map.of(
            "content-type", "text/event-stream; charset=utf-8",
            "cache-control", "no-cache",
            "x-accel-buffering", "no");

    private final QueryPipeline pipeline;

    public Invocation(QueryPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Asks the route what the body says in the dialect, and answers in it. */
    public Mono<Answer> run(Head head, Dialect dialect, TargetRoute route, Body body) {
        Notes notes = head.notes();
        notes.asks(route);
        Query query = dialect.read(route, body);
        Call call = new Call(head.id(), Principal.ANYONE, route, query, notes.deadline(), notes);
        return pipeline.query(call).map(reply -> answer(dialect, route, query, reply));
    }

    private static Answer answer(Dialect dialect, TargetRoute route, Query query, Reply reply) {
        if (reply instanceof Reply.Whole whole) {
            return Answers.ok(dialect.write(route, whole));
        }
        Flux<byte[]> data = ((Reply.Streamed) reply)
                .pieces()
                .filter(piece -> query.usageShown() || !piece.usageOnly())
                .map(Piece::json)
                .concatWithValues(DONE);
        return new Answer.Events(200, STREAM, data);
    }

    /** A body that is announced as JSON. */
    public static void requireJson(Head head) {
        String type = head.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        boolean utf8 = parameters < 0
                || !type.substring(parameters).contains("charset")
                || type.contains("utf-8")
                || type.contains("utf8");
        if (!media.equals("application/json") || !utf8) {
            throw Failure.of(Failure.Kind.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json in UTF-8");
        }
    }

    /** The body as MLflow's servers read it: what is malformed is named as their validator names it. */
    public static Body scan(byte[] bytes) {
        try {
            return BodyScanner.scan(bytes);
        } catch (BodyScanner.Malformed malformed) {
            throw Malformations.asViolation(malformed);
        }
    }
}
