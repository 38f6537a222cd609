package io.mlflowgateway.server.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Calls;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamTallyTest {
    private final Notes notes = Calls.notes();
    private final StreamTally tally =
            new StreamTally(Calls.body("{\"prompt\":\"" + "x".repeat(398) + "\",\"user\":\"nobody\"}"), notes);

    private static Piece piece(int textBytes) {
        String chunk = "{\"id\":\"c\",\"choices\":[{\"index\":0,\"text\":\"\"}],\"model\":\"m\"}";
        return new Piece(chunk.getBytes(StandardCharsets.UTF_8), Optional.empty(), false, textBytes);
    }

    @Test
    void a_stream_that_is_left_has_used_what_went_out() {
        tally.saw(piece(100));
        tally.saw(piece(60));

        tally.endsEarly();

        assertThat(notes.usage()).isEqualTo(new Usage(100, 40).asEstimate());
    }

    @Test
    void a_stream_that_never_began_has_used_nothing_anybody_knows_of() {
        tally.endsEarly();

        assertThat(notes.usage()).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void what_the_provider_has_told_up_to_then_counts() {
        Usage begun = new Usage(7, 3, 2, 1, 0, 0, 0, 0, false);
        tally.saw(piece(0).counting(begun));
        tally.saw(piece(80));

        tally.endsEarly();

        assertThat(notes.usage()).isEqualTo(new Usage(7, 3, 2, 20, 0, 0, 0, 0, true));
    }

    @Test
    void a_count_of_the_provider_that_is_more_than_went_out_stays() {
        tally.saw(piece(8).counting(new Usage(7, 0, 0, 30, 50, 0, 0, 0, false)));

        tally.endsEarly();

        assertThat(notes.usage()).isEqualTo(new Usage(7, 0, 0, 30, 50, 0, 0, 0, true));
    }

    @Test
    void a_stream_whose_tokens_were_counted_is_not_touched() {
        notes.used(new Usage(1, 1));
        tally.saw(new Piece(new byte[0], Optional.of(new Usage(1, 1)), true));

        tally.endsEarly();

        assertThat(notes.usage()).isEqualTo(new Usage(1, 1));
        assertThat(tally.missing().blockOptional()).isEmpty();
    }

    @Test
    void a_whole_stream_without_a_count_gets_one_behind_its_last_chunk() {
        tally.saw(piece(40));

        Piece last = Await.value(tally.missing());

        assertThat(last.usageOnly()).isTrue();
        assertThat(last.usage()).contains(new Usage(100, 10).asEstimate());
        assertThat(new String(last.json(), StandardCharsets.UTF_8))
                .isEqualTo("{\"id\":\"c\",\"choices\":[],\"model\":\"m\","
                        + "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":10,\"total_tokens\":110}}");
    }
}
