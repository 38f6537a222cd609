package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.testing.FuzzInputs;
import io.mlflowgateway.server.testing.FuzzRun;
import io.mlflowgateway.server.testing.JsonMutator;
import io.mlflowgateway.server.testing.Mutator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkScanTest {
    private static final Duration TIME = Duration.ofSeconds(3);
    private static final List<byte[]> CHUNKS = Stream.of(
                    "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                            + "\"delta\":{\"role\":\"assistant\",\"content\":\"é日本\\n\\\"\"},\"logprobs\":null,\"finish_reason\":null}]}",
                    "{\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"},{\"index\":0,\"text\":\"t\"}]}",
                    "{\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":200,\"total_tokens\":300}}",
                    "{\"choices\":[],\"usage\":{\"prompt_tokens\":90,\"completion_tokens\":40,\"prompt_tokens_details\":{\"cached_tokens\":"
                            + "40,\"cache_write_tokens\":7,\"audio_tokens\":5,\"image_tokens\":3},\"completion_tokens_details\":"
                            + "{\"reasoning_tokens\":30,\"audio_tokens\":4}}}",
                    "{\"object\":\"error\",\"message\":\"m\",\"code\":400}",
                    "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":null},\"usage\":null}",
                    "{\"choices\":[{\"text\":\"a\",\"index\":2,\"finish_reason\":\"\"}],\"usage\":{\"prompt_tokens\":-1.5}}")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();

    @Test
    void it_finds_in_any_document_what_a_tree_shows() {
        JsonMutator values = new JsonMutator(CHUNKS);
        Mutator bytes = new Mutator(CHUNKS, FuzzInputs.lines("upstream-words.txt"));

        long tried = new FuzzRun("chunks", TIME)
                .run(
                        1,
                        CHUNKS,
                        random -> (random.nextBoolean() ? values.next(random) : bytes.next(random)),
                        this::compare);

        assertThat(tried).isGreaterThan(1_000);
    }

    private void compare(byte[] json, SplittableRandom random) throws Malformed {
        if (!isUniqueJson(json)) {
            return;
        }
        OpenChoices open = new OpenChoices();
        Optional<JacksonChunkScan> found = scanned(json, open)
                .map(scan -> new JacksonChunkScan(
                        scan.hasChoices(),
                        scan.isError(),
                        scan.withoutChoices(),
                        scan.everyChoiceHasText(),
                        open.finished(0),
                        scan.usage()));

        assertThat(found).isEqualTo(JacksonChunkScan.of(json));
    }

    /** What is no JSON is refused: that is seen here. What has a name twice has no tree. */
    private static boolean isUniqueJson(byte[] json) {
        try {
            return BodyScanner.scan(json).bytes() == json;
        } catch (Malformed e) {
            boolean told = e.reason() == Malformed.Reason.DUPLICATE || e.reason() == Malformed.Reason.BOUND;
            assertThat(told || scanned(json, new OpenChoices()).isEmpty()).isTrue();
            return false;
        }
    }

    private static Optional<ChunkScan> scanned(byte[] json, OpenChoices open) {
        try {
            return Optional.of(ChunkScan.of(json, open));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "{\"choices\":[{}]",
                "{\"choices\":[{}]}}",
                "{\"choices\":[1]}",
                "{\"choices\":[{\"index\":65536}]}",
                "{\"usage\":{\"prompt_tokens\":9223372036854775808}}",
                "{\"a\":\"\u0001\"}"
            })
    void what_is_no_chunk_is_refused(String text) {
        assertThatThrownBy(() -> ChunkScan.of(text.getBytes(StandardCharsets.UTF_8), new OpenChoices()))
                .isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2},\"usage\":{\"prompt_tokens\":3}}|3|0",
                "{\"usage\":{\"prompt_tokens\":1,\"prompt_tokens\":\"4\"}}|1|0",
                "{\"usage\":{\"prompt_tokens\":1e3,\"completion_tokens\":-7}}|0|0",
                "{\"us\\u0061ge\":{\"prompt_tokens\":5,\"prompt_tokens_details\":{\"prompt_tokens\":6}}}|5|0"
            })
    void usage_is_what_its_own_whole_numbers_say(String text, long prompt, long completion) throws Malformed {
        ChunkScan scan = ChunkScan.of(text.getBytes(StandardCharsets.UTF_8), new OpenChoices());

        assertThat(scan.usage()).contains(new Usage(prompt, completion));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // As OpenAI counts: the parts are in the sums.
                "'prompt_tokens':90,'completion_tokens':40,'prompt_tokens_details':{'cached_tokens':40,'cache_write_tokens':7,"
                        + "'audio_tokens':5,'image_tokens':3},'completion_tokens_details':{'reasoning_tokens':30,'audio_tokens':4,"
                        + "'accepted_prediction_tokens':1}|35|40|7|6|30|5|4|3",
                "'completion_tokens_details':{'reasoning_tokens':9},'completion_tokens':9,'prompt_tokens':2|2|0|0|0|9|0|0|0",
                "'prompt_tokens':5,'prompt_tokens_details':null,'completion_tokens_details':[]|5|0|0|0|0|0|0|0",
                "'prompt_tokens':5,'prompt_tokens_details':{'cached_tokens':null,'audio_tokens':-3}|5|0|0|0|0|0|0|0",
                // More than there is: sound from the cache is in both.
                "'prompt_tokens':10,'prompt_tokens_details':{'cached_tokens':8,'audio_tokens':6}|0|8|0|0|0|2|0|0",
                "'prompt_tokens':10,'prompt_tokens_details':{'cached_tokens':80}|0|10|0|0|0|0|0|0",
                "'completion_tokens':10,'completion_tokens_details':{'reasoning_tokens':80,'audio_tokens':1}|0|0|0|0|10|0|0|0",
            })
    void what_the_details_tell_apart_is_counted_once(
            String usage,
            long input,
            long read,
            long written,
            long output,
            long reasoning,
            long heard,
            long said,
            long seen)
            throws Malformed {
        String json = ("{'usage':{" + usage + "}}").replace('\'', '"');
        Usage expected = new Usage(input, read, written, output, reasoning, heard, said, seen, false);

        ChunkScan chunk = ChunkScan.of(json.getBytes(StandardCharsets.UTF_8), new OpenChoices());
        Body whole = BodyScanner.scan(json.getBytes(StandardCharsets.UTF_8));

        assertThat(chunk.usage()).contains(expected);
        assertThat(TokenCounts.of(whole, whole.member("usage").orElseThrow())).isEqualTo(expected);
    }

    @Test
    void line_feeds_between_values_are_told() throws Malformed {
        byte[] one = "{\"choices\":[ {\"index\": 0}\t]}\r".getBytes(StandardCharsets.UTF_8);
        byte[] two = "{\"choices\":[\n]}".getBytes(StandardCharsets.UTF_8);

        assertThat(ChunkScan.of(one, new OpenChoices()).hasLineFeeds()).isFalse();
        assertThat(ChunkScan.of(two, new OpenChoices()).hasLineFeeds()).isTrue();
    }
}
