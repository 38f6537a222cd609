package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineWriterTest {
    private static final Pattern MISSING = Pattern.compile("(\\d+) lines are missing here");
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Sink sink = new Sink();
    private final Forms forms = new Forms(() -> new PlainForm(text -> text));
    private final LineWriter writer = new LineWriter(sink, forms);

    /** Takes bytes, unless it is held or broken. */
    private static final class Sink extends OutputStream {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final CountDownLatch reached = new CountDownLatch(1);
        private volatile CountDownLatch open = new CountDownLatch(0);
        private volatile boolean broken;

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("byte by byte is not how lines are written");
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            reached.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (broken) {
                throw new IOException("Broken pipe");
            }
            synchronized (taken) {
                taken.write(bytes, from, length);
            }
        }

        String text() {
            synchronized (taken) {
                return taken.toString(StandardCharsets.UTF_8);
            }
        }
    }

    @AfterEach
    void letGo() {
        sink.open.countDown();
        writer.close();
    }

    private void say(String message) {
        writer.take(Line.own(0, message));
    }

    private void fillUp() {
        for (int i = 0; writer.dropped() == 0; i++) {
            say("line " + i);
        }
    }

    private int missing() {
        Matcher told = MISSING.matcher(sink.text());
        int count = 0;
        while (told.find()) {
            count += Integer.parseInt(told.group(1));
        }
        return count;
    }

    @Test
    void lines_of_many_threads_are_written_in_each_ones_order() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String name = "thread" + t;
            threads.add(new Thread(() -> sayAll(name)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        Eventually.within(SOON, "all are written", () -> sink.text().lines().count() == 4_000);

        for (int t = 0; t < 4; t++) {
            String name = "thread" + t;
            assertThat(sink.text().lines().filter(line -> line.contains(name)).map(line -> line.replaceAll(".* ", "")))
                    .hasSize(1_000)
                    .isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)));
        }
        assertThat(writer.dropped()).isZero();
    }

    private void sayAll(String name) {
        for (int i = 0; i < 1_000; i++) {
            say(name + " " + i);
        }
    }

    @Test
    void a_line_that_comes_after_a_long_silence_is_written_at_once() {
        say("first");
        Eventually.within(SOON, "the writer sleeps", writer::isAsleep);

        say("second");

        Eventually.within(SOON, "it is woken", () -> sink.text().contains("second"));
    }

    @Test
    void nobody_waits_for_a_sink_that_takes_nothing_and_what_is_lost_is_counted_and_told() throws Exception {
        sink.open = new CountDownLatch(1);
        say("stuck");
        sink.reached.await();

        fillUp();
        long begin = System.nanoTime();
        for (int i = 0; i < 100_000; i++) {
            say("lost");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);

        assertThat(writer.dropped()).isEqualTo(100_001);
        assertThat(took).isLessThan(Duration.ofSeconds(5));
        sink.open.countDown();
        Eventually.within(SOON, "the loss is told", () -> missing() == 100_001);
        say("after");
        Eventually.within(SOON, "lines go on", () -> sink.text().endsWith(" after\n"));
        assertThat(sink.text()).doesNotContain("lost");
    }

    @Test
    void what_waits_is_bounded_by_its_size_too() throws Exception {
        sink.open = new CountDownLatch(1);
        say("stuck");
        sink.reached.await();

        int held = 0;
        while (writer.dropped() == 0) {
            say("x".repeat(20_000));
            held++;
        }

        assertThat((long) held * LineForm.MOST_CHARS)
                .isBetween(Desk.MOST_BYTES / 2L, Desk.MOST_BYTES + 2L * LineForm.MOST_CHARS);
    }

    @Test
    void closing_writes_what_waits() {
        for (int i = 0; i < 5_000; i++) {
            say("line " + i);
        }

        writer.close();

        assertThat(sink.text()).endsWith(" line 4999\n");
    }

    @Test
    void closing_does_not_wait_long_for_a_sink_that_takes_nothing() throws Exception {
        sink.open = new CountDownLatch(1);
        say("stuck");
        sink.reached.await();

        long begin = System.nanoTime();
        writer.close(Duration.ofMillis(100));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_reader_that_is_gone_costs_its_lines_and_nothing_else() {
        sink.broken = true;
        say("lost");
        Eventually.within(SOON, "it is counted", () -> writer.dropped() > 0);

        sink.broken = false;
        say("back");

        Eventually.within(SOON, "lines go on", () -> sink.text().contains(" back\n"));
        Eventually.within(SOON, "the loss is told", () -> missing() > 0);
    }

    @Test
    void closing_does_not_try_for_ever_to_reach_a_reader_that_is_gone() {
        sink.broken = true;
        say("lost");

        long begin = System.nanoTime();
        writer.close(Duration.ofSeconds(30));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        assertThat(writer.dropped()).isBetween(1L, 2L);
    }

    private static final class Broken extends LineForm {
        private Broken() {
            super(text -> text);
        }

        @Override
        void write(Line line, Paper out) {
            out.word("half a li");
            throw new IllegalStateException("a bug");
        }

        @Override
        String quoted(String text) {
            return text;
        }

        @Override
        String keyed(String key) {
            return key;
        }

        @Override
        String said(String word) {
            return word;
        }
    }

    @Test
    void a_line_that_cannot_be_written_is_not_the_last() {
        forms.change(Broken::new);
        say("broken");
        assertThat(writer.dropped()).isEqualTo(1);

        forms.change(() -> new PlainForm(text -> text));
        say("good");

        Eventually.within(SOON, "lines go on", () -> sink.text().contains(" good\n"));
        assertThat(sink.text()).doesNotContain("half a li");
    }
}
