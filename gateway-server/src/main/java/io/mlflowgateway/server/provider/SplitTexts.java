package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Texts to embed that are more than a provider takes in one call: asked in several, and answered as if it had been one.
 * Parts of one query share its deadline and are one attempt: the first that fails is its failure and ends the others.
 */
final class SplitTexts {
    /** Texts that are asked in several calls; more are refused. What a provider takes in one call is its own affair. */
    static final int MOST_TEXTS = 2_048;

    /** What stands beside the texts is said in every part, and all parts are in memory together. */
    static final long MOST_REPEATED_BYTES = 16L * 1024 * 1024;

    /** Parts of one query that are under way together. */
    static final int AT_ONCE = 4;

    private SplitTexts() {}

    /**
     * A query for some of the texts.
     *
     * @param texts how many
     */
    record Part(Query query, int texts) {}

    /**
     * Asks for all texts, on subscription: at once where one call takes them.
     *
     * @param most texts in one call, at least 1
     * @param added bytes that are sent with each call besides the query's own
     * @param ready makes a query ready to be sent, or throws what is wrong with it; sends it on subscription. All parts are
     *     made ready before the first is sent: what cannot be said costs nothing
     * @return fails with 422 for more than {@link #MOST_TEXTS} that do not go in one call, and for more than
     *     {@link #MOST_REPEATED_BYTES} beside them in all calls together
     */
    static Mono<Reply> ask(Query query, int most, long added, Function<Query, Mono<Reply>> ready) {
        Optional<Member> input = query.body().member("input").filter(member -> member.kind() == Kind.ARRAY);
        List<Part> parts =
                most == Integer.MAX_VALUE || input.isEmpty() ? List.of() : cut(query, input.get(), most, added);
        if (parts.size() < 2) {
            return ready.apply(query);
        }
        List<Mono<Reply>> calls =
                parts.stream().map(part -> ready.apply(part.query())).toList();
        // As many answers as there are parts; the memory they take is counted where they come in.
        return Flux.fromIterable(calls)
                .flatMapSequential(Function.identity(), AT_ONCE, 1)
                .cast(Reply.Whole.class)
                .collectList()
                .map(answers -> MemoryCap.orRefuse(() -> JoinedVectors.of(parts, answers)));
    }

    /** The parts, in the order of their texts; one or none where nothing is to be cut. */
    static List<Part> cut(Query query, Member input, int most, long added) {
        List<String> texts = texts(query.body(), input);
        if (texts.size() <= most) {
            return List.of();
        }
        if (texts.size() > MOST_TEXTS) {
            throw Failure.of(
                    Failure.Kind.UNPROCESSABLE,
                    "input may hold " + MOST_TEXTS + " texts at most for the provider of this route");
        }
        long calls = (texts.size() - 1L) / most + 1;
        long beside = query.body().bytes().length - (input.end() - input.start()) + added;
        if (calls * beside > MOST_REPEATED_BYTES) {
            throw Failure.of(
                    Failure.Kind.UNPROCESSABLE,
                    "input takes " + calls
                            + " calls of the provider of this route, and what stands beside it is too long"
                            + " to be said in each; ask for fewer texts at once");
        }
        List<Part> parts = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += most) {
            List<String> some = texts.subList(from, Math.min(from + most, texts.size()));
            String list = '[' + String.join(",", some) + ']';
            parts.add(
                    new Part(query.asking(query.body().edit().set("input", list).toBody()), some.size()));
        }
        return parts;
    }

    /** Each as JSON, and no more than one too many; none where the list is the tokens of one text. */
    private static List<String> texts(Body body, Member input) {
        List<String> texts = new ArrayList<>();
        try {
            JsonCursor json = new JsonCursor(body, input);
            json.enterArray();
            while (texts.size() <= MOST_TEXTS && json.nextElement()) {
                if (json.kind() == Kind.NUMBER) {
                    return List.of();
                }
                int start = json.offset();
                json.skip();
                texts.add(new String(body.bytes(), start, json.offset() - start, StandardCharsets.UTF_8));
            }
            return texts;
        } catch (BodyScanner.Malformed e) {
            throw new IllegalStateException("a body that was scanned is none", e);
        }
    }
}
