package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every sample that needs nothing but this build. */
class SamplesIT {
    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        gateway = new RunningGateway(folder);
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    void a_template_is_filled_in_and_answered_by_the_completions_route() {
        String answer = PromptTemplateChain.run(gateway.url, gateway.out);

        assertThat(answer).contains("grass:");
        assertThat(gateway.said()).contains("asked:    The colours of things");
    }

    @Test
    void one_chain_is_answered_by_two_models_when_the_route_is_swapped() {
        List<RouteSwap.Said> answers = RouteSwap.run(gateway.url, List.of("chat", "chat-b"), gateway.out);

        assertThat(answers).extracting(RouteSwap.Said::route).containsExactly("chat", "chat-b");
        assertThat(answers).extracting(RouteSwap.Said::model).containsExactly("echo-one", "echo-two");
        assertThat(answers).allMatch(said -> said.answer().contains("capital of France"));
    }

    @Test
    void no_call_fails_while_the_model_behind_a_name_changes() throws IOException {
        HotReloadSwap.Outcome seen = HotReloadSwap.run(gateway.url, "reloaded", gateway.config, gateway.out);

        assertThat(seen.failed()).isZero();
        assertThat(seen.answersByModel()).containsOnlyKeys("model-one", "model-two");
        assertThat(seen.answersByModel().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(seen.calls());
        assertThat(seen.switches()).as("never back to the old model").isEqualTo(1);
        assertThat(seen.untilServed()).isLessThan(Duration.ofSeconds(2));
        assertThat(gateway.said()).contains("failed=0");
    }

    @Test
    void every_question_finds_its_passage_and_both_ways_answer_from_it() {
        List<Rag.Answered> answers = Rag.run(gateway.url, gateway.out);

        assertThat(answers).hasSize(4).allMatch(Rag.Answered::rightPassage);
        assertThat(answers)
                .allSatisfy(answered -> assertThat(answered.byChain()).contains(answered.passage()))
                .allSatisfy(answered -> assertThat(answered.byService()).contains(answered.passage()));
    }

    @Test
    void an_answer_arrives_in_pieces_that_make_the_whole() {
        List<String> pieces = StreamingFlux.run(gateway.url, gateway.out);

        assertThat(pieces).hasSizeGreaterThan(1);
        assertThat(String.join("", pieces)).contains("What is the capital of France, and what is it known for?");
    }

    @Test
    void a_failure_tells_its_kind_its_status_and_its_request() {
        String first = CatchFailure.run(gateway.url, "limited", gateway.out);
        String second = CatchFailure.run(gateway.url, "limited", gateway.out);
        String unknown = CatchFailure.run(gateway.url, "nobody", gateway.out);

        assertThat(first).contains("Who wrote Faust?");
        assertThat(second).isEqualTo("too many calls, try again later");
        assertThat(unknown).startsWith("failed with status 404, request ").doesNotContain("request unknown");
    }
}
