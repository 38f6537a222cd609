package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class OpenAiStreamTest {
    private static final Settings SETTINGS =
            new Settings(Map.of(), Map.of(OpenAiProvider.KEY, new Secret(ProviderContract.SECRET)));
    private static final String WORD =
            "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}";
    private static final String STOP = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
    private static final String USAGE =
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}";

    @Test
    void chunks_pass_byte_for_byte_with_the_usage_told_apart() {
        List<SseEvent> events = fixture("chat.sse");

        List<Piece> pieces = Await.all(read(Task.CHAT, Flux.fromIterable(events)));

        assertThat(pieces).hasSize(4);
        assertThat(pieces)
                .extracting(piece -> text(piece.json()))
                .containsExactlyElementsOf(events.subList(0, 4).stream()
                        .map(OpenAiStreamTest::text)
                        .toList());
        assertThat(text(pieces.get(1).json())).contains("\u2028");
        assertThat(pieces).extracting(Piece::usageOnly).containsExactly(false, false, false, true);
        assertThat(pieces.get(3).usage()).contains(new Usage(19, 10));
    }

    @Test
    void completions_chunks_pass_byte_for_byte() {
        List<SseEvent> events = fixture("completions.sse");

        List<Piece> pieces =
                read(Task.COMPLETIONS, Flux.fromIterable(events)).collectList().block();

        assertThat(pieces)
                .extracting(piece -> text(piece.json()))
                .containsExactlyElementsOf(events.subList(0, 2).stream()
                        .map(OpenAiStreamTest::text)
                        .toList());
    }

    @Test
    void completions_streamed_as_chat_become_text() {
        List<Piece> pieces = Await.all(read(Task.COMPLETIONS, Flux.fromIterable(fixture("completions-as-chat.sse"))));

        assertThat(pieces)
                .extracting(piece -> ProviderContract.json(piece.json())
                        .at("/choices/0/text")
                        .asText("missing"))
                .containsExactly("hi", " there", "");
        assertThat(ProviderContract.json(pieces.get(2).json())
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo("stop");
        assertThat(text(pieces.get(0).json()))
                .contains("\"object\":\"text_completion\"")
                .doesNotContain("delta");
    }

    @Test
    void a_chunk_with_usage_and_choices_keeps_both() {
        String both = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";

        Piece piece = Await.value(read(Task.CHAT, events(both)).last());

        assertThat(piece.usageOnly()).isFalse();
        assertThat(piece.usage()).contains(new Usage(1, 2));
        assertThat(text(piece.json())).isEqualTo(both);
    }

    @Test
    void the_first_chunk_of_azure_has_no_choices_and_is_no_usage() {
        String filter = "{\"choices\":[],\"id\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0}]}";

        Piece piece = Await.value(read(Task.CHAT, events(filter, WORD, STOP)).elementAt(0));

        assertThat(piece.usageOnly()).isFalse();
        assertThat(text(piece.json())).isEqualTo(filter);
    }

    @Test
    void data_over_several_lines_becomes_one_line_of_the_same_json() {
        Piece piece =
                Await.value(read(Task.CHAT, events("{\"choices\":\n[{\"index\":0,\n\"finish_reason\":\"stop\"}]}"))
                        .last());

        assertThat(text(piece.json())).doesNotContain("\n");
        assertThat(ProviderContract.json(piece.json()))
                .isEqualTo(ProviderContract.json("{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}"));
    }

    @Test
    void an_end_after_every_choice_is_finished_is_complete_without_the_word() {
        String two = "{\"choices\":[{\"index\":0,\"delta\":{}},{\"index\":1,\"delta\":{}}]}";
        String second = STOP.replace("\"index\":0", "\"index\":1");

        StepVerifier.create(read(Task.CHAT, events(two, STOP, second, USAGE)))
                .expectNextCount(4)
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                WORD,
                WORD + "|" + USAGE,
                STOP + "|{\"choices\":[{\"index\":1,\"delta\":{}}]}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"\"}]}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":false}]}",
                "{\"choices\":[{\"index\":0,\"finish_reason\":null},{\"index\":1,\"finish_reason\":\"stop\"}]}",
                USAGE
            })
    void an_end_before_that_is_a_failure(String chunks) {
        Flux<SseEvent> events = chunks.isEmpty() ? Flux.empty() : events(chunks.split("\\|"));

        StepVerifier.create(read(Task.CHAT, events))
                .thenConsumeWhile(piece -> true)
                .expectErrorMatches(thrown -> ((Failure) thrown).kind() == Kind.UPSTREAM_UNREACHABLE
                        && ((Failure) thrown).getMessage().contains("ended early"))
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void an_end_before_every_choice_asked_for_has_come_is_a_failure() {
        Flux<Piece> oneOfTwo = OpenAiStream.read(events(WORD, STOP), Task.CHAT, SETTINGS, 2);

        StepVerifier.create(oneOfTwo)
                .expectNextCount(2)
                .expectErrorMatches(thrown -> ((Failure) thrown).kind() == Kind.UPSTREAM_UNREACHABLE)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void the_word_alone_completes_even_an_empty_stream() {
        StepVerifier.create(read(Task.CHAT, events("[DONE]"))).expectComplete().verify(Duration.ofSeconds(5));
    }

    @Test
    void what_comes_after_the_word_is_not_read() {
        Flux<SseEvent> events = events(WORD, "[DONE]").concatWith(Flux.error(new AssertionError("read on")));

        StepVerifier.create(read(Task.CHAT, events))
                .expectNextCount(1)
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void a_broken_connection_passes_through() {
        Failure broken = Failure.of(Kind.UPSTREAM_UNREACHABLE, "gone");

        StepVerifier.create(read(Task.CHAT, events(WORD, STOP).concatWith(Flux.error(broken))))
                .expectNextCount(2)
                .expectErrorMatches(thrown -> thrown == broken)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void an_error_inside_the_stream_ends_it_with_its_masked_words() {
        StepVerifier.create(read(Task.CHAT, Flux.fromIterable(fixture("error-stream.sse"))))
                .expectNextCount(1)
                .expectErrorSatisfies(thrown -> {
                    assertThat(((Failure) thrown).status()).isEqualTo(500);
                    assertThat(thrown).hasMessageContaining("Key *** was used").hasMessageNotContaining("sk-");
                })
                .verify(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "error;{\"error\":{\"message\":\"m\",\"type\":\"overloaded_error\"}};503",
                "error;{\"message\":\"m\",\"code\":429};429",
                "error;m;502",
                "'';{\"object\":\"error\",\"message\":\"m\",\"type\":\"BadRequestError\",\"code\":400};400",
                "'';{\"error\":\"m\"};502"
            })
    void every_form_of_an_error_event_is_a_failure(String name, String data, int status) {
        Flux<SseEvent> events = Flux.just(new SseEvent(name, ProviderContract.utf8(data)));

        StepVerifier.create(read(Task.CHAT, events))
                .expectErrorSatisfies(thrown -> {
                    assertThat(((Failure) thrown).status()).isEqualTo(status);
                    assertThat(thrown).hasMessage("m");
                })
                .verify(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "hello",
                "{",
                "{\"a\":1}",
                "{} {}",
                "{\"choices\":[1]}",
                "{\"choices\":null}",
                "{\"choices\":[{\"index\":-1}]}",
                "{\"choices\":[{\"index\":99999999999}]}",
                "\"[DONE]\""
            })
    void an_event_that_is_no_chunk_is_a_failure(String data) {
        StepVerifier.create(read(Task.CHAT, events(WORD, data, STOP, "[DONE]")))
                .expectNextCount(1)
                .expectErrorMatches(thrown -> ((Failure) thrown).kind() == Kind.UPSTREAM_INVALID)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void an_event_without_data_says_nothing() {
        StepVerifier.create(read(Task.CHAT, events(WORD, "", STOP)))
                .expectNextCount(2)
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void two_readers_of_one_stream_do_not_share_what_they_saw() {
        Flux<Piece> pieces = read(Task.CHAT, events(WORD, STOP));

        StepVerifier.create(pieces.thenMany(pieces))
                .expectNextCount(2)
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    private static Flux<Piece> read(Task task, Flux<SseEvent> events) {
        return OpenAiStream.read(events, task, SETTINGS, 1);
    }

    private static Flux<SseEvent> events(String... data) {
        return Flux.fromArray(data).map(json -> new SseEvent("", ProviderContract.utf8(json)));
    }

    /** The files hold one {@code data:} line per event. */
    private static List<SseEvent> fixture(String file) {
        try (InputStream in = OpenAiStreamTest.class.getResourceAsStream("/provider/openai/" + file)) {
            List<SseEvent> events = new ArrayList<>();
            for (String event : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n", -1)) {
                if (!event.isEmpty()) {
                    events.add(new SseEvent("", ProviderContract.utf8(event.substring("data: ".length()))));
                }
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(SseEvent event) {
        return text(event.data());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
