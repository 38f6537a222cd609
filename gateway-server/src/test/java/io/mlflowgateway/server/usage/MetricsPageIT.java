package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.DocsTable;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Scrape;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page of a whole gateway, and what the documentation says of it. */
class MetricsPageIT {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";
    private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=");
    private static final Pattern NAME = Pattern.compile("`([a-z_0-9]+)`");

    /** What only some collectors of the Java machine report, or only after they have worked. */
    private static final Pattern OF_SOME_MACHINES = Pattern.compile("jvm_gc_(pause|concurrent).*");

    private final RawUpstream upstream = new RawUpstream(MetricsPageIT::resetOrUncounted);
    private final TestGateway gateway = TestGateway.with(config("broken"));

    private static void resetOrUncounted(RawUpstream.Talk talk) throws IOException {
        String asked = talk.next().orElseThrow().body();
        if (asked.contains("uncounted")) {
            talk.send(RawUpstream.json("{\"choices\":[]}"));
        } else if (asked.contains("oddly")) {
            talk.send(RawUpstream.json("{\"id\":\"a\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"hi\"},\"finish_reason\":\"brand_new\"}]}"));
        } else {
            talk.reset();
        }
    }

    private String config(String broken) {
        return "prices: {echo: {input: 1, output: 2}}\nendpoints:\n"
                + "  - name: chat\n    endpoint_type: llm/v1/chat\n    model: {provider: echo, name: echo, config: {}}\n"
                + "  - name: " + broken + "\n    endpoint_type: llm/v1/chat\n    model: {provider: openai, name: m,"
                + " config: {openai_api_key: k, openai_api_base: 'http://127.0.0.1:" + upstream.port() + "'}}\n"
                + "    routing: {retries: {attempts: 1, backoff: 1ms}}\n"
                + "  - name: odd\n    endpoint_type: llm/v1/chat\n    model: {provider: mistral, name: oddly,"
                + " config: {mistral_api_key: k, mistral_api_base: 'http://127.0.0.1:" + upstream.port() + "'}}\n";
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private RawAnswer metrics(String accept) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            return caller.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + accept + "\r\n")
                    .answer();
        }
    }

    private Scrape scrape() {
        return Scrape.of(gateway.port());
    }

    @Test
    void prometheus_gets_its_text_and_who_asks_for_it_openmetrics() {
        RawAnswer text = metrics("Accept: text/plain\r\n");
        RawAnswer open = metrics("Accept: application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1\r\n");

        assertThat(text.status()).isEqualTo(200);
        assertThat(text.header("content-type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(text.body())
                .contains("# TYPE gateway_ready gauge\ngateway_ready 1.0\n")
                .doesNotContain("# EOF");
        assertThat(open.header("content-type")).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void many_who_ask_at_once_are_all_answered() {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(
                    CompletableFuture.supplyAsync(() -> gateway.get("/metrics").statusCode()));
        }

        assertThat(answers).extracting(CompletableFuture::join).containsOnly(200);
    }

    @Test
    void the_configuration_in_force_shows_and_the_one_before_no_longer() {
        Scrape before = scrape();

        gateway.reload(config("other"));

        Scrape after = scrape();
        assertThat(before.samples("gateway_config_info")).hasSize(1);
        assertThat(after.samples("gateway_config_info")).hasSize(1).isNotEqualTo(before.samples("gateway_config_info"));
        assertThat(after.sum("gateway_routes")).isEqualTo(3);
        assertThat(after.sum("gateway_config_last_reload_success")).isEqualTo(1);
        assertThat(after.sum("gateway_config_last_reload_timestamp_seconds"))
                .isCloseTo(System.currentTimeMillis() / 1_000.0, org.assertj.core.data.Offset.offset(600.0));
    }

    @Test
    void open_connections_and_running_exchanges_are_shown() {
        try (RawConnection idle = new RawConnection(gateway.port())) {
            idle.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();

            Scrape seen = scrape();

            assertThat(seen.sum("gateway_connections")).isEqualTo(2);
            assertThat(seen.sum("gateway_in_flight")).isEqualTo(1);
        }
        Eventually.within(Duration.ofSeconds(10), "it is gone", () -> scrape().sum("gateway_connections") == 1);
    }

    @Test
    void a_connection_that_is_refused_is_counted() {
        try (TestGateway small = TestGateway.with(config("broken"), Map.of("connections-limit", "1"));
                RawConnection first = new RawConnection(small.port())) {
            first.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
            try (RawConnection second = new RawConnection(small.port())) {
                second.readToEnd();
            }

            String page = first.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .answer()
                    .body();

            assertThat(new Scrape(page).sum("gateway_connections_refused_total", "reason=\"too_many\""))
                    .isEqualTo(1);
        }
    }

    /** A page with every metric on it. */
    private Scrape full() {
        gateway.post("/endpoints/chat/invocations", String.format(CHAT, ""));
        gateway.post("/endpoints/broken/invocations", String.format(CHAT, ""));
        gateway.post("/endpoints/broken/invocations", String.format(CHAT, ",\"user\":\"uncounted\""));
        gateway.post("/endpoints/odd/invocations", String.format(CHAT, ""));
        // For the collector's own metrics.
        scrape();
        System.gc();
        Eventually.within(
                Duration.ofSeconds(10),
                "the calls are counted",
                () -> scrape().sum("gateway_calls_total", "task=\"llm/v1/chat\"") == 4);
        return scrape();
    }

    @Test
    void the_gateways_own_metrics_are_those_of_the_documentation() throws IOException {
        Scrape page = full();
        String rows =
                Arrays.stream(Metric.values()).map(metric -> row(metric, page)).collect(Collectors.joining("\n"));

        DocsTable.mustRead(
                "operations.md", "metrics", DocsTable.head("Metric", "Type", "Labels", "What") + "\n" + rows);

        assertThat(names(page).stream().filter(name -> name.startsWith("gateway_")))
                .containsExactlyInAnyOrderElementsOf(documented("metrics"));
    }

    private static String row(Metric metric, Scrape page) {
        String start = metric.meterName().replace('.', '_');
        String name = names(page).stream()
                .filter(each -> each.matches(start + "(_total|_seconds)?"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(start + " is not on the page"));
        String type = page.type(name).orElseThrow();
        String also = type.equals("histogram") ? ", " + DocsTable.code(name + "_max") : "";
        List<String> labels = labels(page, type.equals("histogram") ? name + "_count" : name);
        assertThat(labels).as(name).containsExactlyInAnyOrderElementsOf(metric.labels());
        return DocsTable.row(
                DocsTable.code(name) + also,
                type,
                metric.labels().isEmpty()
                        ? "–"
                        : metric.labels().stream().map(DocsTable::code).collect(Collectors.joining(", ")),
                metric.description());
    }

    private static List<String> labels(Scrape page, String name) {
        Matcher found = LABEL.matcher(page.samples(name).get(0));
        return found.results().map(label -> label.group(1)).toList();
    }

    @Test
    void the_java_machines_metrics_are_those_of_the_documentation() throws IOException {
        Set<String> shown = names(full()).stream()
                .filter(name -> !name.startsWith("gateway_"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> documented = new TreeSet<>(documented("machine-metrics"));

        assertThat(documented).containsAll(shown);
        documented.removeAll(shown);
        assertThat(documented).allMatch(name -> OF_SOME_MACHINES.matcher(name).matches());
    }

    private static Set<String> names(Scrape page) {
        return page.text()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What stands in the first column. */
    private static List<String> documented(String table) throws IOException {
        return DocsTable.table("operations.md", table)
                .lines()
                .skip(2)
                .map(row -> row.split("\\|")[1])
                .flatMap(cell -> NAME.matcher(cell).results().map(name -> name.group(1)))
                .toList();
    }
}
