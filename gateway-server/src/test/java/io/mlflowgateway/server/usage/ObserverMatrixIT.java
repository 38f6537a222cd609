package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Every surface, streaming or not, with every end a call can have: each is counted once and logged once. */
class ObserverMatrixIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String USAGE = "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}";

    private static final AtomicInteger IDS = new AtomicInteger();
    private static final Lines LINES = new Lines();
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    /** What becomes of a call. */
    enum Fate {
        ANSWERED(200, "answered", "none"),
        REFUSED_BY_UPSTREAM(429, "answered", "upstream"),
        REFUSED_BY_GATEWAY(429, "answered", "gateway"),
        CUT(200, "cut", "upstream"),
        LEFT_WAITING(0, "caller_gone", "none"),
        LEFT_STREAMING(200, "caller_gone", "none");

        private final int status;
        private final String outcome;
        private final String source;

        Fate(int status, String outcome, String source) {
            this.status = status;
            this.outcome = outcome;
            this.source = source;
        }

        boolean fits(boolean streams) {
            return streams || (this != CUT && this != LEFT_STREAMING);
        }
    }

    /** @param body with {@code %s} where {@code ,"stream":true} goes, and {@code ROUTE} for the route */
    record Surface(String path, String task, String body, boolean streams) {}

    record Case(Surface surface, Fate fate) {
        String route() {
            return (fate == Fate.REFUSED_BY_GATEWAY ? "limited-" : "")
                    + surface.task()
                    + (surface.path().startsWith("/gateway") ? "-classic" : "");
        }

        String path() {
            return surface.path().replace("ROUTE", route());
        }

        String json() {
            return String.format(surface.body(), surface.streams() ? ",\"stream\":true" : "")
                    .replace("ROUTE", route())
                    .replace("FATE", fate.name());
        }

        @Override
        public String toString() {
            return surface.path() + (surface.streams() ? " streamed " : " ") + surface.task() + " " + fate;
        }
    }

    static Stream<Case> cases() {
        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"FATE\"}]%s}";
        String completions = "{\"prompt\":\"FATE\"%s}";
        return Stream.of(
                        new Surface("/gateway/ROUTE/invocations", "chat", chat, true),
                        new Surface("/gateway/ROUTE/invocations", "completions", completions, true),
                        new Surface("/gateway/ROUTE/invocations", "embeddings", "{\"text\":\"FATE\"%s}", false),
                        new Surface("/endpoints/ROUTE/invocations", "chat", chat, true),
                        new Surface("/endpoints/ROUTE/invocations", "completions", completions, true),
                        new Surface("/endpoints/ROUTE/invocations", "embeddings", "{\"input\":\"FATE\"%s}", false),
                        new Surface("/v1/chat/completions", "chat", named(chat), true),
                        new Surface("/v1/completions", "completions", named(completions), true),
                        new Surface("/v1/embeddings", "embeddings", named("{\"input\":\"FATE\"%s}"), false))
                .flatMap(surface -> surface.streams() ? Stream.of(surface, whole(surface)) : Stream.of(surface))
                .flatMap(surface -> Stream.of(Fate.values()).map(fate -> new Case(surface, fate)))
                .filter(each -> each.fate().fits(each.surface().streams()));
    }

    private static String named(String body) {
        return "{\"model\":\"ROUTE\"," + body.substring(1);
    }

    private static Surface whole(Surface surface) {
        return new Surface(surface.path(), surface.task(), surface.body(), false);
    }

    /** The lines of the access log, whose logger may be quieter for other tests. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }

        List<String> of(String id) {
            return lines.stream()
                    .filter(line -> line.startsWith("request_id=" + id + " "))
                    .toList();
        }
    }

    private static Logger access() {
        return (Logger) LoggerFactory.getLogger("io.mlflowgateway.access");
    }

    @BeforeAll
    static void start() {
        access().setLevel(Level.INFO);
        access().setAdditive(false);
        access().addAppender(LINES);
        LINES.start();
        upstream = new ScriptedUpstream(ObserverMatrixIT::answer);
        StringBuilder yaml = new StringBuilder();
        for (String kind : List.of("route", "endpoint")) {
            yaml.append(kind).append("s:\n");
            for (String task : List.of("chat", "completions", "embeddings")) {
                String name = task + (kind.equals("route") ? "-classic" : "");
                yaml.append(entry(name, kind, task)).append(entry("limited-" + name, kind, task));
                yaml.append("    limit: {calls: 1, renewal_period: day}\n");
            }
        }
        gateway = TestGateway.with(yaml.toString());
    }

    private static String entry(String name, String kind, String task) {
        return "  - name: " + name + "\n    " + kind + "_type: llm/v1/" + task
                + "\n    model: {provider: openai, name: the-model, config: {openai_api_key: k, openai_api_base: '"
                + upstream.base() + "'}}\n";
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
        access().detachAppender(LINES);
        access().setAdditive(true);
        access().setLevel(null);
    }

    private static void answer(ScriptedUpstream.Exchange call) throws IOException, InterruptedException {
        String body = call.body();
        boolean chat = call.head().contains("/chat/");
        if (body.contains(Fate.REFUSED_BY_UPSTREAM.name())) {
            String json = "{\"error\":{\"message\":\"slow down\"}}";
            call.send("HTTP/1.1 429 no\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
                    + "\r\n\r\n" + json);
        } else if (body.contains(Fate.LEFT_WAITING.name())) {
            call.awaitGone();
        } else if (!body.contains("\"stream\":true")) {
            call.json(whole(call.head()));
        } else {
            call.beginStream().part(event(chat, "\"choices\":[{\"index\":0," + said(chat) + "}]"));
            if (body.contains(Fate.CUT.name())) {
                call.reset();
            } else if (body.contains(Fate.LEFT_STREAMING.name())) {
                call.awaitGone();
            }
            call.part(event(chat, "\"choices\":[]," + USAGE))
                    .part("data: [DONE]\n\n")
                    .send("0\r\n\r\n");
        }
    }

    private static String said(boolean chat) {
        return (chat ? "\"delta\":{\"content\":\"one\"}" : "\"text\":\"one\"") + ",\"finish_reason\":\"stop\"";
    }

    private static String event(boolean chat, String rest) {
        return "data: {\"id\":\"c\",\"object\":\"" + (chat ? "chat.completion.chunk" : "text_completion")
                + "\",\"created\":1,\"model\":\"m\"," + rest + "}\n\n";
    }

    private static String whole(String head) {
        String start = "{\"id\":\"c\",\"created\":1,\"model\":\"m\"," + USAGE + ",\"object\":";
        if (head.contains("/embeddings")) {
            return start + "\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5]}]}";
        }
        return head.contains("/chat/")
                ? start + "\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"one\"},\"finish_reason\":\"stop\"}]}"
                : start
                        + "\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"one\",\"finish_reason\":\"stop\"}]}";
    }

    @ParameterizedTest
    @MethodSource("cases")
    void every_end_of_a_call_is_counted_once_and_logged_once(Case each) {
        if (each.fate() == Fate.REFUSED_BY_GATEWAY) {
            // The one call that the limit allows.
            call(each, "first");
        }
        Scrape before = scrapeWhenQuiet();
        String id = "case-" + IDS.incrementAndGet();

        call(each, id);

        Eventually.within(SOON, "it is logged", () -> !LINES.of(id).isEmpty());
        Scrape after = scrapeWhenQuiet();
        boolean streams = each.surface().streams();
        String route = "route=\"" + each.route() + "\"";
        String stream = "stream=\"" + streams + "\"";
        assertThat(delta(before, after, "gateway_calls_total", route)).isEqualTo(1);
        assertThat(delta(
                        before,
                        after,
                        "gateway_calls_total",
                        route,
                        stream,
                        "task=\"llm/v1/" + each.surface().task() + "\"",
                        "status=\"" + each.fate().status + "\"",
                        "outcome=\"" + each.fate().outcome + "\"",
                        "source=\"" + each.fate().source + "\""))
                .isEqualTo(1);
        assertThat(delta(before, after, "gateway_call_duration_seconds_count", route, stream))
                .isEqualTo(1);
        boolean began = each.fate() == Fate.ANSWERED || each.fate() == Fate.CUT || each.fate() == Fate.LEFT_STREAMING;
        assertThat(delta(before, after, "gateway_time_to_first_piece_seconds_count", route, stream))
                .isEqualTo(began ? 1 : 0);
        double tokens = delta(before, after, "gateway_tokens_total", route);
        double estimated = delta(before, after, "gateway_estimated_tokens_total", route);
        boolean isGuess = began && each.fate() != Fate.ANSWERED;
        assertThat(tokens > 0).isEqualTo(began);
        assertThat(tokens).isEqualTo(isGuess ? estimated : began ? 7 : 0);
        assertThat(estimated > 0).isEqualTo(isGuess);
        assertThat(delta(before, after, "gateway_upstream_errors_total", route, "provider=\"openai\""))
                .isEqualTo(each.fate().source.equals("upstream") ? 1 : 0);
        assertLogged(each, id);
    }

    private static void assertLogged(Case each, String id) {
        assertThat(LINES.of(id))
                .singleElement()
                .asString()
                .contains(" method=POST path=" + each.path() + " route=" + each.route() + " ")
                .contains(" task=llm/v1/" + each.surface().task() + " stream="
                        + each.surface().streams() + " ")
                .contains(" status=" + each.fate().status + " outcome=" + each.fate().outcome + " ")
                .contains(" bytes_in=" + each.json().length() + " ");
        if (each.fate() != Fate.REFUSED_BY_GATEWAY) {
            assertThat(LINES.of(id).get(0)).contains(" provider=openai model=the-model attempts=1 ");
        }
    }

    private static double delta(Scrape before, Scrape after, String name, String... labels) {
        return after.sum(name, labels) - before.sum(name, labels);
    }

    /** With nothing running but the scrape. */
    private static Scrape scrapeWhenQuiet() {
        Eventually.within(SOON, "nothing runs", () -> Scrape.of(gateway.port()).sum("gateway_in_flight") == 1);
        return Scrape.of(gateway.port());
    }

    private static void call(Case each, String id) {
        byte[] body = each.json().getBytes(StandardCharsets.UTF_8);
        int asked = upstream.requests();
        try (RawConnection caller = new RawConnection(gateway.port())) {
            caller.send("POST " + each.path() + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "X-Request-Id: " + id + "\r\nContent-Length: " + body.length + "\r\n\r\n" + each.json());
            switch (each.fate()) {
                case LEFT_WAITING ->
                    Eventually.within(SOON, "the upstream is asked", () -> upstream.requests() > asked);
                case LEFT_STREAMING -> caller.readUntil("one");
                default -> caller.answer();
            }
        }
    }
}
