package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The upgrade that {@code docs/operations.md} describes, under load. */
class RollingRestartIT {
    private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":%s}";
    private static final String[] DELAYED = {"--drain-delay", "2s"};
    private static final int PIECES = 20;
    private static final Duration BETWEEN_PIECES = Duration.ofMillis(150);

    private static final int CALLS_BETWEEN_RESTARTS = 200;

    @TempDir
    Path folder;

    @Proves(Row.ROLLING_RESTART)
    @Timeout(240)
    @Test
    void rolling_restart_of_two_behind_nginx_fails_no_call_and_cuts_no_stream() throws IOException {
        try (ScriptedUpstream upstream = new ScriptedUpstream(RollingRestartIT::answer);
                BehindNginx house = new BehindNginx(folder, upstream, DELAYED);
                OpenLoad load = new OpenLoad(house.client(), Duration.ofMillis(10), turns(house))) {
            List<Duration> stops = new ArrayList<>();
            awaitMore(load);
            for (int round = 0; round < 2; round++) {
                for (int which = 0; which < 2; which++) {
                    // The second time they stop without the delay.
                    stops.add(house.restart(which));
                    awaitMore(load);
                }
            }
            double rate = load.rate();
            load.stop();
            Eventually.within(Duration.ofSeconds(60), "every call ends", load::over);

            Figures.seen(
                    Row.ROLLING_RESTART,
                    "rolling_restart_of_two_behind_nginx_fails_no_call_and_cuts_no_stream",
                    figures(house, upstream, load, rate, stops));
            assertThat(load.failures()).as(house.complaints()).isEmpty();
            assertThat(upstream.requests()).isEqualTo(load.sent());
        }
    }

    private static List<OpenLoad.Sort> turns(BehindNginx house) {
        OpenLoad.Sort call = sort(house, "call", false, body -> body.contains("\"content\":\"whole\""));
        OpenLoad.Sort stream = sort(house, "stream", true, RollingRestartIT::complete);
        return List.of(stream, call, call, call, call);
    }

    private static OpenLoad.Sort sort(BehindNginx house, String name, boolean streams, Predicate<String> good) {
        return new OpenLoad.Sort(name, house.chat(String.format(BODY, streams)).build(), good);
    }

    private static boolean complete(String body) {
        List<String> events = body.lines().filter(line -> !line.isEmpty()).toList();
        return events.size() == PIECES + 2 && events.get(events.size() - 1).equals("data: [DONE]");
    }

    private static void answer(ScriptedUpstream.Exchange exchange) throws IOException, InterruptedException {
        if (!exchange.body().contains("\"stream\":true")) {
            exchange.chat("whole");
            return;
        }
        exchange.beginStream();
        for (int piece = 0; piece < PIECES; piece++) {
            exchange.say("piece").pause(BETWEEN_PIECES);
        }
        exchange.endStream();
    }

    private static void awaitMore(OpenLoad load) {
        int enough = load.sent() + CALLS_BETWEEN_RESTARTS;
        Eventually.within(Duration.ofSeconds(60), "calls go on", () -> load.sent() >= enough);
    }

    private static String figures(
            BehindNginx house, ScriptedUpstream upstream, OpenLoad load, double rate, List<Duration> stops) {
        long moved = house.accessLog().stream()
                .filter(line -> line.contains("sent=") && line.contains(", "))
                .count();
        long cut = load.failures().stream()
                .filter(failure -> failure.contains(" stream after "))
                .count();
        return ("%d calls, %.0f/s, %d of them streams of %.1f s: %d failed, %d of these streams; the upstream was asked %d times;"
                        + " %d went to the other gateway on a refused connection; the stops took %s s; longest call %.1f s")
                .formatted(
                        load.sent(),
                        rate,
                        (load.sent() + 4) / 5,
                        PIECES * BETWEEN_PIECES.toMillis() / 1_000.0,
                        load.failures().size(),
                        cut,
                        upstream.requests(),
                        moved,
                        stops.stream().map(RollingRestartIT::inSeconds).collect(Collectors.joining(", ")),
                        load.longest().toMillis() / 1_000.0);
    }

    private static String inSeconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1_000.0);
    }
}
