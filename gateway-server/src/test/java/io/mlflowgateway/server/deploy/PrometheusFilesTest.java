package io.mlflowgateway.server.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** {@code deploy/prometheus} is for the gateways that {@code deploy/nginx} and {@code deploy/systemd} run. */
class PrometheusFilesTest {
    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final Path FOLDER = DEPLOY.resolve("prometheus");

    @Test
    void it_asks_the_gateways_that_nginx_sends_calls_to() throws IOException {
        String nginx = Files.readString(DEPLOY.resolve("nginx").resolve("gateway.conf"));

        JsonNode targets = read("prometheus.yml").at("/scrape_configs/0/static_configs/0/targets");

        assertThat(targets)
                .hasSize(2)
                .allSatisfy(target -> assertThat(nginx).contains("server " + target.asText() + " "));
    }

    @Test
    void alerts_that_name_a_job_name_the_one_asked() throws IOException {
        String job = read("prometheus.yml").at("/scrape_configs/0/job_name").asText();

        assertThat(Query.ofAlerts())
                .hasSizeGreaterThan(10)
                .filteredOn(alert -> alert.asks().matched().containsKey("job"))
                .hasSizeGreaterThan(3)
                .allSatisfy(alert -> assertThat(alert.asks().matched().get("job"))
                        .as(alert.place())
                        .containsExactly(job));
    }

    @Test
    void prometheus_itself_reads_them_where_it_is_installed() throws Exception {
        Optional<Path> promtool = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(promtool.isPresent(), "no promtool here");

        Process check = new ProcessBuilder(
                        promtool.orElseThrow().toString(),
                        "check",
                        "config",
                        FOLDER.resolve("prometheus.yml").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(check.exitValue()).as(said).isZero();
    }

    private static JsonNode read(String name) throws IOException {
        return new ObjectMapper()
                .valueToTree(new Yaml().<Map<String, Object>>load(Files.readString(FOLDER.resolve(name))));
    }
}
