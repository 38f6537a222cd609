package io.mlflowgateway.server.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

class TokenAnswerTest {
    private static final List<Secret> SECRETS = List.of(new Secret("plain-client-secret"));

    private static TokenAnswer read(int status, String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return TokenAnswer.of(new UpstreamResponse.Whole(status, Optional.empty(), "application/json", body), SECRETS);
    }

    private static Failure refused(int status, String json) {
        return catchThrowableOfType(Failure.class, () -> read(status, json));
    }

    @ParameterizedTest
    @CsvSource({"3600,3600", "'\"3599\"',3599", "1,1", "86400,86400", "999999999999,86400", "null,300"})
    void a_token_lives_as_long_as_it_says_within_bounds(String written, long seconds) {
        TokenAnswer answer = read(200, "{'access_token':'t','token_type':'BEARER','expires_in':" + written + "}");

        assertThat(answer).isEqualTo(new TokenAnswer(new Secret("t"), Duration.ofSeconds(seconds)));
    }

    @Test
    void a_token_that_says_nothing_of_its_life_or_type_is_taken_for_a_short_bearer_token() {
        assertThat(read(201, "{'access_token':'t'}").life()).isEqualTo(TokenAnswer.USUAL_LIFE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "not json",
                "{'access_token':''}",
                "{'access_token':'a b'}",
                "{'access_token':'a\\nb'}",
                "{'access_token':'é'}",
                "{'access_token':{}}",
                "{'access_token':'t','token_type':'mac'}",
                "{'access_token':'t','expires_in':0}",
                "{'access_token':'t','expires_in':-1}",
                "{'access_token':'t','expires_in':1.5}",
                "{'access_token':'t','expires_in':'soon'}",
                "{'access_token':'t','expires_in':9999999999999}"
            })
    void what_holds_no_good_token_is_refused(String json) {
        assertThat(refused(200, json).kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
    }

    @Test
    void an_answer_too_long_or_a_stream_is_refused() {
        var stream = new UpstreamResponse.Events(200, Optional.empty(), Flux.empty());

        assertThat(refused(200, "{'access_token':'" + "t".repeat(70_000) + "'}").getMessage())
                .contains("another sort or size");
        assertThat(catchThrowableOfType(Failure.class, () -> TokenAnswer.of(stream, SECRETS))
                        .getMessage())
                .contains("another sort or size");
    }

    @Test
    void a_refusal_tells_its_word_and_keeps_the_masked_rest_for_the_log() {
        Failure failure = refused(
                400,
                "{'error':'invalid_grant','error_description':'plain-client-secret is wrong, " + "x".repeat(999)
                        + "'}");

        assertThat(failure.getMessage()).isEqualTo("status 400 invalid_grant");
        assertThat(failure.getCause())
                .hasMessageStartingWith("*** is wrong, xxx")
                .hasMessageEndingWith("x...");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'error':'plain-client-secret'}", "{'error':'<b>'}", "{'error':5}", "<html>", "{}"})
    void what_is_no_word_is_not_told(String json) {
        assertThat(refused(403, json).getMessage()).isEqualTo("status 403");
    }

    @ParameterizedTest
    @CsvSource({"400,false", "401,false", "302,false", "408,true", "429,true", "500,true", "503,true"})
    void only_what_says_not_now_is_worth_another_attempt(int status, boolean retryable) {
        Failure failure = refused(status, "{}");

        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.blamesTarget()).isTrue();
        assertThat(failure.status()).isEqualTo(502);
    }
}
