package io.mlflowgateway.server.estimate;

import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.query.Next;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Stage;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Guesses the tokens of answers whose provider tells none, and of streams that end before it has: whole answers by a
 * tokenizer, off the event loops, streams by their length. A guess says that it is one. What is counted is not touched.
 */
public final class EstimateUsage implements Stage {
    /** Answers that are counted or wait for it; past it, length must do. */
    private static final int MOST_COUNTED_AT_ONCE = 32;

    /** Bytes of an answer that is written once more with the guess in it; a larger one stays what the provider sent. */
    static final int MOST_REWRITTEN = 1024 * 1024;

    private final AtomicInteger counting = new AtomicInteger();
    private final Scheduler loops;

    /** @param loops where answers come from again when they were counted */
    public EstimateUsage(Scheduler loops) {
        this.loops = loops;
    }

    @Override
    public Mono<Reply> handle(Call call, Next next) {
        return next.proceed(call).flatMap(reply -> counted(call, reply));
    }

    private Mono<Reply> counted(Call call, Reply reply) {
        if (reply instanceof Reply.Whole whole) {
            return whole.usage().equals(Usage.UNKNOWN) ? guessed(call, whole) : Mono.just(whole);
        }
        StreamTally tally = new StreamTally(call.query().body(), call.notes());
        return Mono.just(reply.mapPieces(pieces -> pieces.doOnNext(tally::saw)
                .filter(StreamTally::says)
                .concatWith(Mono.defer(tally::missing))
                .doOnError(failure -> tally.endsEarly())
                .doOnCancel(tally::endsEarly)));
    }

    private Mono<Reply> guessed(Call call, Reply.Whole whole) {
        if (counting.incrementAndGet() > MOST_COUNTED_AT_ONCE) {
            counting.decrementAndGet();
            return Mono.just(with(
                    whole,
                    new Usage(
                            Tokenizer.byLength(Words.asked(call.query().body()).bytes()),
                            Tokenizer.byLength(Words.answered(whole.body()).bytes()))));
        }
        return Mono.<Reply>fromSupplier(() -> MemoryCap.orRefuse(() -> with(whole, tokens(call, whole))))
                .subscribeOn(Schedulers.boundedElastic())
                .doFinally(signal -> counting.decrementAndGet())
                .publishOn(loops);
    }

    private static Usage tokens(Call call, Reply.Whole whole) {
        long prompt = Tokenizer.count(Words.asked(call.query().body()));
        boolean isText = call.query().task() != Task.EMBEDDINGS;
        return new Usage(prompt, isText ? Tokenizer.count(Words.answered(whole.body())) : 0);
    }

    /** The answer with the guess in it: clients of every surface read a {@code usage}. A large one is not copied for it. */
    private static Reply.Whole with(Reply.Whole whole, Usage usage) {
        Usage guess = usage.asEstimate();
        if (whole.body().bytes().length > MOST_REWRITTEN) {
            return new Reply.Whole(whole.body(), guess, whole.endsUnknown());
        }
        Body body = whole.body().edit().set("usage", json(guess)).toBody();
        return new Reply.Whole(body, guess, whole.endsUnknown());
    }

    /** OpenAI's {@code usage} object. */
    static String json(Usage usage) {
        return "{\"prompt_tokens\":" + usage.promptTokens() + ",\"completion_tokens\":" + usage.completionTokens()
                + ",\"total_tokens\":" + usage.totalTokens() + '}';
    }
}
