package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Price;
import io.mlflowgateway.server.query.Pricing;
import io.mlflowgateway.server.query.TokenClass;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.testing.Calls;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessLineTest {
    private static Notes notes(String path) {
        return new Notes("id-1", "POST", path, Duration.ofSeconds(1));
    }

    private static String line(Notes notes, int status, Optional<Failure> failure) {
        Ending ending = new Ending(Ending.Outcome.ANSWERED, status, failure, 10, 20, Duration.ofNanos(1_234_567));
        return new AccessLine(notes, ending).toString();
    }

    @Test
    void an_answered_call_is_told_with_all_that_is_known_of_it() {
        Notes notes = notes("/endpoints/chat/invocations");
        notes.sees("abc123");
        notes.asks(Calls.route("chat", Optional.empty()));
        notes.asksForStream();
        notes.tries(new Notes.Target("openai/gpt-4o mini", "openai", "gpt-4o mini"));
        notes.tries(new Notes.Target("openai/gpt-4o mini", "openai", "gpt-4o mini"));
        notes.answerBegins();
        notes.used(new Usage(3, 4));

        assertThat(line(notes, 200, Optional.empty()).replaceAll("first_piece_ms=[0-9.]+", "first_piece_ms=T"))
                .isEqualTo("request_id=id-1 method=POST path=/endpoints/chat/invocations route=chat task=llm/v1/chat"
                        + " stream=true status=200 outcome=answered target=\"openai/gpt-4o mini\" provider=openai model=\"gpt-4o mini\" attempts=2"
                        + " prompt_tokens=3 completion_tokens=4 bytes_in=10 bytes_out=20 duration_ms=1.234"
                        + " first_piece_ms=T config_version=abc123");
    }

    @Test
    void a_whole_answer_has_no_first_piece() {
        Notes notes = notes("/x");
        notes.answerBegins();

        assertThat(line(notes, 200, Optional.empty()))
                .contains("stream=false", "duration_ms=1.234")
                .doesNotContain("first_piece_ms");
    }

    @Test
    void what_a_call_cost_is_told_where_its_price_is_known() {
        Price price = Price.of(Map.of(TokenClass.INPUT, BigDecimal.ONE, TokenClass.OUTPUT, BigDecimal.TEN));
        Notes known = notes("/x");
        known.tries(new Notes.Target("t", "openai", "m", Pricing.of(price)));
        known.used(new Usage(3, 4));
        Notes uncounted = notes("/x");
        uncounted.tries(new Notes.Target("t", "openai", "m", Pricing.of(price)));

        assertThat(line(known, 200, Optional.empty())).contains("completion_tokens=4 cost_usd=0.000043 bytes_in");
        assertThat(line(uncounted, 200, Optional.empty())).doesNotContain("cost_usd");
    }

    @Test
    void what_an_overtaken_target_has_read_is_told_beside_what_the_answer_cost() {
        Notes notes = notes("/endpoints/chat/invocations");
        notes.tries(new Notes.Target("slow", "openai", "m"));
        notes.tries(new Notes.Target("fast", "openai", "m"));
        notes.overtakes();
        notes.used(new Usage(30, 4));

        assertThat(line(notes, 200, Optional.empty()))
                .contains("target=fast", "attempts=2 prompt_tokens=30 completion_tokens=4 hedged_prompt_tokens=30 ");
    }

    @Test
    void what_the_target_was_asked_without_is_told() {
        Notes notes = notes("/endpoints/chat/invocations");
        Notes.Target target = new Notes.Target("t", "mistral", "m");
        notes.tries(target);
        notes.drops(target, List.of("user", "a%0Db"));

        assertThat(line(notes, 200, Optional.empty())).contains(" attempts=1 dropped=user,a%0Db prompt_tokens=");
    }

    @Test
    void a_malformed_request_is_told_without_what_is_not_known() {
        assertThat(line(notes(""), 400, Optional.of(Failure.of(Failure.Kind.INVALID_REQUEST, "bad"))))
                .isEqualTo("request_id=id-1 method=POST stream=false status=400 outcome=answered"
                        + " failure=invalid_request bytes_in=10 bytes_out=20 duration_ms=1.234");
    }

    @Test
    void the_gateways_own_words_on_a_broken_upstream_are_told() {
        Failure failure = Failure.of(Failure.Kind.UPSTREAM_UNREACHABLE, "host:1 refused the connection");

        assertThat(line(notes("/x"), 502, Optional.of(failure)))
                .contains("failure=upstream_unreachable reason=\"host:1 refused the connection\" ");
    }

    @Test
    void what_an_upstream_or_a_caller_said_is_not() {
        assertThat(line(notes("/x"), 400, Optional.of(Failure.upstream(400, "you said: my prompt"))))
                .contains("failure=upstream_refused bytes_in")
                .doesNotContain("prompt");
        assertThat(line(notes("/x"), 404, Optional.of(Failure.of(Failure.Kind.MODEL_NOT_FOUND, "no my-model"))))
                .doesNotContain("my-model");
    }

    @Test
    void a_path_is_masked_escaped_and_cut() {
        assertThat(line(notes("/sk-abcdefgh1234/\u202e\n" + "x".repeat(300)), 404, Optional.empty()))
                .contains("path=\"/***/\\u202e\\nxxx")
                .contains("xxx...\" stream=")
                .doesNotContain("x".repeat(200), "sk-abc");
    }
}
