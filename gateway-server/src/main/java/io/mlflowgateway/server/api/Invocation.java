package io.mlflowgateway.server.api;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Principal;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.QueryPipeline;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.routing.TargetRoute;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One query on any surface: bytes to call, through the pipeline, reply to bytes. */
public final class Invocation {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final Set<String> UTF_8 = Set.of("utf-8", "utf8", "\"utf-8\"", "\"utf8\"");
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
        if (query.streams()) {
            notes.asksForStream();
        }
        Call call = new Call(
                head.id(),
                Principal.ANYONE,
                route,
                query,
                notes.deadline(),
                notes,
                route.stickyHeader().flatMap(head::header));
        return pipeline.query(call).map(reply -> MemoryCap.orRefuse(() -> answer(dialect, call, route, reply)));
    }

    private static Answer answer(Dialect dialect, Call call, TargetRoute route, Reply reply) {
        if (reply instanceof Reply.Whole whole) {
            return Answers.ok(dialect.write(route, servedModel(call, route), whole));
        }
        Flux<Piece> pieces = ((Reply.Streamed) reply).pieces();
        Flux<byte[]> data = call.query().usageShown()
                ? pieces.map(piece -> UsageCost.told(piece, call.notes()))
                : pieces.filter(piece -> !piece.usageOnly()).map(Piece::json);
        return new Answer.Events(200, STREAM, data.concatWithValues(DONE));
    }

    private static String servedModel(Call call, TargetRoute route) {
        return call.notes()
                .target()
                .map(Notes.Target::model)
                .orElseGet(() -> route.config().targets().get(0).model());
    }

    /** Refuses a body that is not announced as JSON in UTF-8. A web page cannot announce one so without being asked. */
    public static void requireJson(Head head) {
        String[] parts =
                head.header("content-type").orElse("").toLowerCase(Locale.ROOT).split(";", -1);
        boolean json = parts[0].strip().equals("application/json");
        if (!json || !Arrays.stream(parts).skip(1).allMatch(Invocation::namesNoOtherCharset)) {
            throw Failure.of(Failure.Kind.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json in UTF-8");
        }
    }

    private static boolean namesNoOtherCharset(String parameter) {
        String[] pair = parameter.split("=", -1);
        return !pair[0].strip().equals("charset") || (pair.length == 2 && UTF_8.contains(pair[1].strip()));
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
