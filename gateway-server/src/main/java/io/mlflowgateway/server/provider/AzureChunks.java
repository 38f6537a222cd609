package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;

/**
 * Azure's chunks that belong to no answer: the first, which tells how the prompt was judged, has neither id nor choices;
 * later ones, with judgements of the answer, have choices but no id. What the first tells goes into the chunk after it,
 * so that the stream begins when the answer does; the others get the answer's id. Of one stream; not thread-safe.
 */
final class AzureChunks {
    private static final String JUDGEMENT = "prompt_filter_results";
    private static final List<String> HEAD = List.of("id", "object", "created", "model");

    private Optional<String> judgement = Optional.empty();
    private Optional<Body> first = Optional.empty();

    private AzureChunks() {}

    /** The events of an answer with one id. */
    static Flux<SseEvent> mended(Flux<SseEvent> events) {
        return Flux.defer(() -> new AzureChunks().each(events));
    }

    private Flux<SseEvent> each(Flux<SseEvent> events) {
        return events.handle((event, sink) -> mended(event).ifPresent(sink::next));
    }

    private Optional<SseEvent> mended(SseEvent event) {
        try {
            return mended(event, BodyScanner.scanAnswer(event.data()));
        } catch (BodyScanner.Malformed e) {
            // Not a chunk; the reader of the stream knows what it is.
            return Optional.of(event);
        }
    }

    private Optional<SseEvent> mended(SseEvent event, Body chunk) {
        if (first.isEmpty() && isJudgementOnly(chunk)) {
            judgement = chunk.member(JUDGEMENT).map(chunk::raw);
            return Optional.empty();
        }
        Body.Edit edit = chunk.edit();
        if (isNameless(chunk)) {
            first.ifPresent(answer -> HEAD.forEach(name -> copy(answer, name, edit)));
        } else if (first.isEmpty() && chunk.has("id")) {
            first = Optional.of(chunk);
            judgement.ifPresent(told -> edit.set(JUDGEMENT, told));
        }
        return Optional.of(new SseEvent(event.name(), edit.toBytes()));
    }

    private static boolean isJudgementOnly(Body chunk) {
        boolean noChoices = chunk.member("choices")
                .filter(choices -> choices.kind() == Kind.ARRAY)
                .filter(choices -> chunk.raw(choices).chars().noneMatch(c -> c == '{'))
                .isPresent();
        boolean usage = chunk.member("usage")
                .filter(member -> member.kind() == Kind.OBJECT)
                .isPresent();
        return noChoices && !usage && chunk.has(JUDGEMENT);
    }

    private static boolean isNameless(Body chunk) {
        return chunk.member("id").filter(id -> chunk.raw(id).equals("\"\"")).isPresent();
    }

    private static void copy(Body answer, String name, Body.Edit edit) {
        Optional<Member> member = answer.member(name);
        member.ifPresent(found -> edit.set(name, answer.raw(found)));
    }
}
