package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.provider.ProviderContract.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinedVectorsTest {
    private static Reply.Whole answer(String data, Usage usage) {
        String body = "{\"object\":\"list\",\"data\":" + data + ",\"model\":\"m\",\"extra\":[1.0]}";
        return new Reply.Whole(ProviderContract.body(body), usage);
    }

    private static List<SplitTexts.Part> parts(int... texts) {
        List<SplitTexts.Part> parts = new ArrayList<>();
        for (int count : texts) {
            parts.add(new SplitTexts.Part(ProviderContract.query(Task.EMBEDDINGS, "{}", false), count));
        }
        return parts;
    }

    @Test
    void places_are_counted_on_and_the_vectors_stay_byte_by_byte() {
        Reply.Whole first =
                answer("[{\"index\":0,\"embedding\":[1.50,2e3]},{\"embedding\":\"AACA\",\"index\":1}]", Usage.UNKNOWN);
        Reply.Whole second =
                answer("[ {\"embedding\" : [3.0 ], \"index\" : 0 , \"object\":\"embedding\"} ]", Usage.UNKNOWN);

        Reply.Whole joined = JoinedVectors.of(parts(2, 1), List.of(first, second));

        assertThat(new String(joined.body().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":[1.50,2e3]},"
                        + "{\"embedding\":\"AACA\",\"index\":1},"
                        + "{\"embedding\" : [3.0 ], \"index\" : 2 , \"object\":\"embedding\"}],"
                        + "\"model\":\"m\",\"extra\":[1.0],"
                        + "\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}}");
    }

    @Test
    void the_joined_answer_is_a_body_whose_members_stand_where_it_says() throws BodyScanner.Malformed {
        Reply.Whole one = answer("[{\"index\":0,\"embedding\":[1]}]", new Usage(1, 0));

        Reply.Whole joined = JoinedVectors.of(parts(1, 1), List.of(one, one));

        assertThat(joined.body().members())
                .isEqualTo(BodyScanner.scan(joined.body().bytes()).members());
    }

    @Test
    void an_embedding_that_names_no_place_gets_the_one_it_stands_at() {
        Reply.Whole one = answer("[{\"embedding\":[1]},{\"embedding\":[2]}]", Usage.UNKNOWN);

        Reply.Whole joined = JoinedVectors.of(parts(2, 2), List.of(one, one));

        assertThat(json(joined.body().bytes()).path("data").findValuesAsText("index"))
                .containsExactly("0", "1", "2", "3");
    }

    @Test
    void tokens_are_added_class_by_class() {
        Usage one = new Usage(1, 2, 3, 4, 5, 6, 7, 8, false);
        Usage other = new Usage(10, 20, 30, 40, 50, 60, 70, 80, true);

        Reply.Whole joined = JoinedVectors.of(
                parts(1, 1), List.of(answer("[{\"embedding\":[1]}]", one), answer("[{\"embedding\":[1]}]", other)));

        assertThat(joined.usage()).isEqualTo(new Usage(11, 22, 33, 44, 55, 66, 77, 88, true));
        assertThat(json(joined.body().bytes()).at("/usage/prompt_tokens").asInt())
                .isEqualTo(11 + 22 + 33 + 66 + 88);
    }

    @Test
    void tokens_are_unknown_where_one_part_does_not_tell_them() {
        Reply.Whole told = answer("[{\"embedding\":[1]}]", new Usage(5, 0));
        Reply.Whole untold = answer("[{\"embedding\":[1]}]", Usage.UNKNOWN);

        assertThat(JoinedVectors.of(parts(1, 1), List.of(told, untold)).usage()).isEqualTo(Usage.UNKNOWN);
        assertThat(JoinedVectors.of(parts(1, 1, 1), List.of(untold, told, told)).usage())
                .isEqualTo(Usage.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{}",
                "[{\"embedding\":[1]},{\"embedding\":[1]}]",
                "[[1]]",
                "[{\"index\":99999999999999999999,\"embedding\":[1]}]",
                "[{\"index\":1,\"embedding\":[1]}]"
            })
    void a_part_with_another_shape_or_number_of_vectors_is_a_bad_gateway(String data) {
        Reply.Whole good = answer("[{\"index\":0,\"embedding\":[1]}]", Usage.UNKNOWN);
        Reply.Whole bad = answer(data, Usage.UNKNOWN);

        Failure failure = ProviderContract.failureOf(() -> JoinedVectors.of(parts(1, 1), List.of(good, bad)));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
    }
}
