package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.testing.Await;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class EchoProviderTest {
    private static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"content\":\"hello big world\"}]}";

    @Test
    void chat_answers_what_the_user_said_last() {
        JsonNode answer =
                chat("{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"first\"},"
                        + "{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"Привет 🎉\"},"
                        + "{\"role\":\"tool\",\"content\":\"t\"}]}");

        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("echo: Привет 🎉");
        assertThat(answer.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("created").asLong()).isEqualTo(1_700_000_000);
    }

    @Test
    void the_text_parts_of_a_message_are_echoed() {
        JsonNode answer = chat(
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"look\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\"}},{\"type\":\"text\",\"text\":\"here\"}]}]}");

        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("echo: look\nhere");
    }

    @Test
    void completions_answer_the_prompt() {
        JsonNode answer = json(ask(Task.COMPLETIONS, "{\"prompt\":\"once upon\"}", "echo-1"));

        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("echo: once upon");
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.path("model").asText()).isEqualTo("echo-1");
    }

    @Test
    void without_a_configured_model_the_model_is_echo() {
        assertThat(json(ask(Task.CHAT, HELLO, "")).path("model").asText()).isEqualTo("echo");
    }

    @Test
    void tokens_are_words() {
        Reply.Whole reply = (Reply.Whole) ask(Task.CHAT, HELLO, "m");

        assertThat(reply.usage()).isEqualTo(new Usage(3, 4));
        assertThat(json(reply).at("/usage/total_tokens").asInt()).isEqualTo(7);
    }

    @Test
    void the_same_question_has_the_same_answer() {
        assertThat(chat(HELLO)).isEqualTo(chat(HELLO));
    }

    @ParameterizedTest
    @CsvSource({
        "max_tokens,2,echo: hello,length",
        "max_completion_tokens,3,echo: hello big,length",
        "max_tokens,4,echo: hello big world,stop"
    })
    void words_past_the_limit_are_left_out(String limit, int words, String text, String reason) {
        JsonNode answer = chat(HELLO.replace("{\"messages\"", "{\"" + limit + "\":" + words + ",\"messages\""));

        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo(text);
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\" big\"", "[\"world\",\" big\"]", "[\" big\",\"\"]"})
    void the_text_ends_before_the_first_stop(String stop) {
        JsonNode answer = chat(HELLO.replace("{\"messages\"", "{\"stop\":" + stop + ",\"messages\""));

        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("echo: hello");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void as_many_choices_come_as_were_asked_for() {
        JsonNode answer = chat(HELLO.replace("{\"messages\"", "{\"n\":3,\"messages\""));

        assertThat(answer.path("choices")).hasSize(3);
        assertThat(answer.at("/choices/2/index").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"n,0", "n,129", "n,1.5", "n,many", "max_tokens,0", "max_tokens,-5"})
    void numbers_of_no_sense_are_refused(String name, String value) {
        String given = value.equals("many") ? "\"many\"" : value;

        Failure failure = ProviderContract.failureOf(
                () -> chat(HELLO.replace("{\"messages\"", "{\"" + name + "\":" + given + ",\"messages\"")));

        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.getMessage()).startsWith(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello big world", "two\n lines  and end ", "", "日本語だけ"})
    void a_stream_is_the_same_text_word_by_word(String said) {
        List<Piece> pieces =
                stream(Task.CHAT, "{\"messages\":[{\"role\":\"user\",\"content\":" + Json.quoted(said) + "}]}");

        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            text.append(json(piece).at("/choices/0/delta/content").asText(""));
        }
        assertThat(text.toString()).isEqualTo("echo: " + said);
        assertThat(json(pieces.get(0)).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(json(pieces.get(pieces.size() - 2))
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo("stop");
    }

    @Test
    void a_stream_ends_with_its_usage() {
        List<Piece> pieces = stream(Task.COMPLETIONS, "{\"prompt\":\"hello big world\",\"n\":2}");

        Piece last = pieces.get(pieces.size() - 1);
        assertThat(pieces).extracting(Piece::usageOnly).containsOnlyOnce(true);
        assertThat(last.usageOnly()).isTrue();
        assertThat(last.usage()).contains(new Usage(3, 8));
        assertThat(json(last).path("choices")).isEmpty();
        assertThat(json(pieces.get(0)).at("/choices/0/text").asText()).isEqualTo("echo:");
    }

    @Test
    void texts_that_share_words_are_nearer_than_others() {
        float[] cats = HashedWords.vector("the cat sat on the mat", 64);
        float[] likewise = HashedWords.vector("The CAT lay on a mat!", 64);
        float[] other = HashedWords.vector("quarterly revenue grew by seven percent", 64);

        assertThat(cosine(cats, cats)).isCloseTo(1, within(1e-6));
        assertThat(cosine(cats, likewise)).isGreaterThan(0.4).isGreaterThan(cosine(cats, other) + 0.3);
    }

    @Test
    void japanese_texts_that_share_words_are_nearer_than_others() {
        float[] cats = HashedWords.vector("猫は机の上で寝ています", 64);
        float[] likewise = HashedWords.vector("猫は椅子の上で寝ています", 64);
        float[] other = HashedWords.vector("売上高が七パーセント増加した", 64);

        assertThat(cosine(cats, likewise)).isGreaterThan(cosine(cats, other) + 0.3);
    }

    @Test
    void every_vector_has_length_one() {
        for (String text : List.of("one", "one two", "", "!?", "Привет мир")) {
            float[] vector = HashedWords.vector(text, 64);

            assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void embeddings_come_one_per_input_in_order() {
        JsonNode answer = json(ask(Task.EMBEDDINGS, "{\"input\":[\"a b\",\"c\"]}", "m"));

        assertThat(answer.path("data")).hasSize(2);
        assertThat(answer.at("/data/0/embedding")).hasSize(EchoProvider.DIMENSIONS);
        assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        assertThat(answer.path("object").asText()).isEqualTo("list");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"\"a\";1", "[];0", "[1,2,3];1", "[[1,2],[3]];2"})
    void every_form_of_input_is_taken(String input, int vectors) {
        JsonNode answer = json(ask(Task.EMBEDDINGS, "{\"input\":" + input + "}", "m"));

        assertThat(answer.path("data")).hasSize(vectors);
    }

    @Test
    void base64_holds_the_same_numbers() {
        JsonNode numbers = json(ask(Task.EMBEDDINGS, "{\"input\":\"hi\",\"dimensions\":8}", "m"));
        JsonNode base64 =
                json(ask(Task.EMBEDDINGS, "{\"input\":\"hi\",\"dimensions\":8,\"encoding_format\":\"base64\"}", "m"));

        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(base64.at("/data/0/embedding").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(numbers.at("/data/0/embedding"))
                .hasSize(8)
                .allSatisfy(number -> assertThat(bytes.getFloat()).isEqualTo(number.floatValue()));
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot;
    }

    private static JsonNode chat(String body) {
        return json(ask(Task.CHAT, body, "m"));
    }

    private static List<Piece> stream(Task task, String body) {
        return Await.all(((Reply.Streamed) ask(task, body, "m", true)).pieces());
    }

    private static Reply ask(Task task, String body, String model) {
        return ask(task, body, model, false);
    }

    private static Reply ask(Task task, String body, String model, boolean streams) {
        return Await.value(new EchoProvider()
                .ask(
                        ProviderContract.query(task, body, streams),
                        new Attempt(model, Settings.NONE, ProviderContract.NOW),
                        (request, deadline) -> Mono.error(new AssertionError("echo sends nothing")),
                        Deadline.in(Duration.ofSeconds(5))));
    }

    private static JsonNode json(Reply reply) {
        return ProviderContract.json(((Reply.Whole) reply).body().bytes());
    }

    private static JsonNode json(Piece piece) {
        return ProviderContract.json(piece.json());
    }
}
