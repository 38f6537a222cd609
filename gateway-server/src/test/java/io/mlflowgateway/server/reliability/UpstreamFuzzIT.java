package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.FuzzInputs;
import io.mlflowgateway.server.testing.FuzzRun;
import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.Mutator;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An upstream whose answers are broken at any byte, cut into any parts, and end in any way. */
@Timeout(3_000)
class UpstreamFuzzIT {
    private static final int THREADS = 24;
    private static final List<byte[]> ANSWERS = FuzzInputs.messages("upstream-answers.txt");
    private static final Pattern CALL = Pattern.compile("call-[0-9]{7}-");
    private static final Duration LONGEST = Duration.ofSeconds(8);

    /** What to answer a call with, how to cut it, and what then. */
    private record Plan(byte[] answer, SplittableRandom random, int ending) {}

    private final Map<String, Plan> plans = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong whole = new AtomicLong();

    @Test
    @Proves(Row.FUZZ)
    void fuzz_upstream_answers_become_an_answer_or_a_failure_in_time() {
        String seen = answers(Duration.ofSeconds(6));

        Figures.seen(Row.FUZZ, "fuzz_upstream_answers_become_an_answer_or_a_failure_in_time", seen);
    }

    @Test
    @Tag("nightly")
    @Proves(Row.FUZZ)
    void fuzz_upstream_answers_for_many_minutes() {
        Figures.seen(Row.FUZZ, "fuzz_upstream_answers_for_many_minutes", answers(Duration.ofMinutes(5)));
    }

    private String answers(Duration time) {
        Mutator mutator = new Mutator(ANSWERS, FuzzInputs.lines("upstream-words.txt"));
        try (RawUpstream upstream = new RawUpstream(this::talk);
                FuzzGateway gateway = new FuzzGateway(upstream)) {
            FuzzRun.Check check = (input, random) -> attempt(gateway, input, random);
            FuzzRun.warmUp().run(THREADS, ANSWERS, mutator::next, check);
            gateway.settled();
            long tried = new FuzzRun("upstream answers", time).run(THREADS, ANSWERS, mutator::next, check);
            assertThat(whole.get()).isGreaterThan(tried / 50);
            return tried + " upstream answers, " + whole
                    + " of them good in the end; none hung, none reached another caller, no stream was cut in silence; "
                    + gateway.unharmed();
        }
    }

    private void attempt(FuzzGateway gateway, byte[] input, SplittableRandom random) throws IOException {
        String call = String.format("call-%07d-", calls.incrementAndGet());
        plans.put(call, new Plan(named(input, call), random.split(), random.nextInt(8)));
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + call + "\"}],\"stream\":"
                + random.nextBoolean() + "}";
        long began = System.nanoTime();

        HttpAnswers.Answer answer =
                gateway.post("/endpoints/served/invocations", body.getBytes(StandardCharsets.US_ASCII));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONGEST);
        AnswerRules.wellFormed(answer);
        Matcher said = CALL.matcher(answer.text());
        while (said.find()) {
            assertThat(said.group()).as("whose answer it is").isEqualTo(call);
        }
        whole.addAndGet(answer.status() == 200 ? 1 : 0);
    }

    private static byte[] named(byte[] input, String call) {
        return new String(input, StandardCharsets.ISO_8859_1)
                .replace("call-@@@@@@@-", call)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private void talk(RawUpstream.Talk talk) throws IOException, InterruptedException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            Matcher asked = CALL.matcher(request.get().body());
            Plan plan = asked.find() ? plans.remove(asked.group()) : null;
            if (plan == null) {
                throw new IOException("a request of nobody: " + request.get());
            }
            if (!answer(talk, plan)) {
                return;
            }
            request = talk.next();
        }
    }

    /** @return whether the connection stays; only after an answer in one write, or what follows could come in between */
    private static boolean answer(RawUpstream.Talk talk, Plan plan) throws IOException, InterruptedException {
        if (plan.ending() == 0 && plan.answer().length < 4_096) {
            talk.send(plan.answer());
            return true;
        }
        int at = 0;
        while (at < plan.answer().length) {
            int size = Math.min(
                    plan.answer().length - at,
                    1 + plan.random().nextInt(plan.random().nextBoolean() ? 8 : 2_000));
            talk.send(Arrays.copyOfRange(plan.answer(), at, at + size));
            at += size;
        }
        if (plan.ending() == 1) {
            talk.reset();
        } else if (plan.ending() == 2) {
            talk.idle(5_000);
        }
        return false;
    }
}
