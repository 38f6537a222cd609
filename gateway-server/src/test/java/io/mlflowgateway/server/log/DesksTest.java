package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class DesksTest {
    private final ByteArrayOutputStream sink = new ByteArrayOutputStream();
    private final LongAdder dropped = new LongAdder();
    private final Batch batch = new Batch(sink, dropped);
    private final Desks desks = new Desks(new Forms(() -> new PlainForm(text -> text)));

    private void say(long millis, String message) {
        assertThat(desks.write(Line.own(millis, message))).isTrue();
    }

    private void inAnotherThread(Runnable work) throws InterruptedException {
        Thread thread = new Thread(work);
        thread.start();
        thread.join();
    }

    private String collected() {
        sink.reset();
        desks.collect(batch);
        batch.write();
        return sink.toString(StandardCharsets.UTF_8).replaceAll("(?m)^.* ", "").replace('\n', ' ');
    }

    @Test
    void lines_of_several_threads_stand_in_the_order_of_their_moments() throws Exception {
        say(1, "a");
        say(4, "d");
        inAnotherThread(() -> {
            say(2, "b");
            say(3, "c");
            say(5, "e");
        });

        assertThat(collected()).isEqualTo("a b c d e ");
    }

    @Test
    void a_line_is_collected_once() {
        say(1, "a");

        assertThat(collected()).isEqualTo("a ");
        assertThat(collected()).isEmpty();
        say(2, "b");
        assertThat(collected()).isEqualTo("b ");
        assertThat(desks.areEmpty()).isTrue();
    }

    @Test
    void the_last_lines_of_a_thread_that_has_ended_are_collected() throws Exception {
        inAnotherThread(() -> say(1, "last"));

        assertThat(desks.areEmpty()).isFalse();
        assertThat(collected()).isEqualTo("last ");
        assertThat(collected()).isEmpty();
    }

    @Test
    void a_line_longer_than_a_batch_is_written_whole() {
        String letters = "x".repeat(LineForm.MOST_CHARS);
        Line line =
                new Line(1, "WARN", "logger", "thread", letters, Optional.empty(), pairs(letters), Optional.empty());

        desks.write(line);
        say(2, "next");

        collected();

        assertThat(sink.toString(StandardCharsets.UTF_8))
                .hasSizeGreaterThan(5 * LineForm.MOST_CHARS)
                .endsWith(" next\n");
    }

    /** Each is shown with its first 200 letters. */
    private static List<KeyValuePair> pairs(String letters) {
        return IntStream.range(0, 200)
                .mapToObj(i -> new KeyValuePair("key" + i, letters))
                .toList();
    }

    @Test
    void a_full_sheet_takes_no_more_until_it_is_collected() {
        String letters = "x".repeat(LineForm.MOST_CHARS);
        int lines = 0;
        while (desks.write(Line.own(1, letters))) {
            lines++;
        }

        assertThat(lines).isBetween(Desk.MOST_BYTES / LineForm.MOST_CHARS, 2 * Desk.MOST_BYTES / LineForm.MOST_CHARS);
        collected();
        assertThat(desks.write(Line.own(1, "more"))).isTrue();
    }

    @Test
    void what_logs_while_it_is_written_and_what_breaks_cost_their_own_line_only() {
        Entry logsItself = new Entry() {
            @Override
            public String kind() {
                return "odd";
            }

            @Override
            public void writeTo(Fields out) {
                assertThat(desks.write(Line.own(1, "inner"))).isFalse();
                out.word("outer", "yes");
            }
        };
        Entry breaks = new Entry() {
            @Override
            public String kind() {
                return "odd";
            }

            @Override
            public void writeTo(Fields out) {
                throw new AssertionError("a bug");
            }
        };

        assertThat(desks.write(entry(logsItself))).isTrue();
        assertThat(desks.write(entry(breaks))).isFalse();
        say(2, "after");

        assertThat(collected()).isEqualTo("outer=yes after ");
        assertThat(desks.areEmpty()).isTrue();
    }

    private static Line entry(Entry entry) {
        return new Line(1, "INFO", "l", "t", "", Optional.of(entry), List.of(), Optional.empty());
    }
}
