package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.FuzzInputs;
import io.mlflowgateway.server.testing.FuzzRun;
import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.JsonMutator;
import io.mlflowgateway.server.testing.Mutator;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Broken and hostile bodies on every path that takes one, streamed and not, answered offline and by an upstream. */
@Timeout(3_000)
class BodyFuzzIT {
    private static final int THREADS = 8;
    private static final List<byte[]> BODIES = FuzzInputs.lines("bodies.txt");
    private static final List<String> CHAT = List.of(
            "/gateway/classic/invocations",
            "/gateway/chat/invocations",
            "/gateway/served/invocations",
            "/endpoints/chat/invocations",
            "/endpoints/split/invocations",
            "/endpoints/served/invocations");
    private static final List<String> TEXT = List.of("/endpoints/text/invocations", "/gateway/text/invocations");
    private static final List<String> VECTORS =
            List.of("/endpoints/vectors/invocations", "/gateway/vectors/invocations");
    private static final List<String> OPENAI = List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings");
    private static final List<String> NOBODYS = List.of("/endpoints/none/invocations", "/api/2.0/gateway/limits");
    private static final List<String> PATHS = Stream.of(CHAT, TEXT, VECTORS, OPENAI, NOBODYS)
            .flatMap(List::stream)
            .toList();

    private final AtomicLong good = new AtomicLong();
    private final AtomicLong streamed = new AtomicLong();

    @Test
    @Proves(Row.FUZZ)
    void fuzz_bodies_are_answered_or_refused_in_the_form_of_their_surface() {
        String seen = bodies(Duration.ofSeconds(8));

        Figures.seen(Row.FUZZ, "fuzz_bodies_are_answered_or_refused_in_the_form_of_their_surface", seen);
    }

    @Test
    @Tag("nightly")
    @Proves(Row.FUZZ)
    void fuzz_bodies_for_many_minutes() {
        Figures.seen(Row.FUZZ, "fuzz_bodies_for_many_minutes", bodies(Duration.ofMinutes(8)));
    }

    private String bodies(Duration time) {
        Mutator mutator = new Mutator(BODIES, FuzzInputs.lines("body-words.txt"));
        JsonMutator values = new JsonMutator(BODIES);
        Function<SplittableRandom, byte[]> made =
                random -> random.nextBoolean() ? mutator.next(random) : values.next(random);
        try (RawUpstream upstream = GoodUpstream.start();
                FuzzGateway gateway = new FuzzGateway(upstream)) {
            FuzzRun.Check check = (input, random) -> attempt(gateway, input, random);
            FuzzRun.warmUp().run(THREADS, BODIES, made, check);
            gateway.settled();
            long tried = new FuzzRun("bodies", time).run(THREADS, BODIES, made, check);
            // Not all refused at the door: some were asked of a model, some in a stream.
            assertThat(good.get()).isGreaterThan(tried / 25);
            assertThat(streamed.get()).isGreaterThan(tried / 100);
            return tried + " bodies on " + PATHS.size() + " paths, " + good + " of them good in the end, " + streamed
                    + " streamed; " + gateway.unharmed();
        }
    }

    private void attempt(FuzzGateway gateway, byte[] input, SplittableRandom random) throws IOException {
        String path = path(input, random);
        HttpAnswers.Answer answer = gateway.post(path, input);
        AnswerRules.ownFault(answer);
        if (answer.status() >= 400) {
            AnswerRules.errorOf(path, answer);
        } else {
            good.incrementAndGet();
            streamed.addAndGet(answer.header("content-type").startsWith("text/event-stream") ? 1 : 0);
        }
    }

    /** Any path, but more often one for bodies of this kind. */
    private static String path(byte[] input, SplittableRandom random) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        List<String> likely = PATHS;
        if (random.nextInt(4) != 0) {
            likely = text.contains("\"model\"")
                    ? OPENAI
                    : text.contains("\"messages\"") ? CHAT : text.contains("\"prompt\"") ? TEXT : VECTORS;
        }
        return likely.get(random.nextInt(likely.size()));
    }
}
