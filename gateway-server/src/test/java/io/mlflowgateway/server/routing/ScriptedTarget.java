package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Reply;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A target that answers each attempt as it was told to, the last answer again and again. */
final class ScriptedTarget implements CallTarget {
    private final Notes.Target noted;
    private final Deque<Mono<Reply>> answers;
    private int asked;
    private int left;

    ScriptedTarget(String name, List<Mono<Reply>> answers) {
        this.noted = new Notes.Target(name, "scripted", name);
        this.answers = new ArrayDeque<>(answers);
    }

    @Override
    public Mono<Reply> answer(Call call) {
        asked++;
        call.notes().tries(noted);
        Mono<Reply> answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
        return answer.doOnCancel(() -> left++);
    }

    @Override
    public Optional<Notes.Target> noted() {
        return Optional.of(noted);
    }

    /** How often. */
    int asked() {
        return asked;
    }

    /** How many attempts were cancelled before their answer came. */
    int left() {
        return left;
    }
}
