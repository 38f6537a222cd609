package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.LastingPort;
import io.mlflowgateway.server.testing.Nginx;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two gateways of the built jar behind nginx, as {@code deploy/nginx/gateway.conf} has it, with an upstream of the test
 * behind the route {@code chat}, which the first asks for {@code model-0} and the second for {@code model-1}. In the file
 * only what it calls yours is replaced.
 */
final class BehindNginx implements AutoCloseable {
    static final String NAME = "gateway.example.com";

    private static final Path SITE = Path.of("..", "deploy", "nginx", "gateway.conf");
    private static final String CONFIG = """
            endpoints:
              - name: chat
                endpoint_type: llm/v1/chat
                model:
                  provider: openai
                  name: model-%d
                  config: {openai_api_key: k, openai_api_base: '%s'}
            """;

    private final Path folder;
    private final SelfSigned certificate;
    private final HttpClient client;
    private final int port = LastingPort.free();
    private final List<Integer> ports = List.of(LastingPort.free(), LastingPort.free());
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private final Nginx nginx;

    /** @param flags of both gateways */
    BehindNginx(Path folder, ScriptedUpstream upstream, String... flags) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.certificate = SelfSigned.in(folder);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(certificate.trusting())
                .build();
        for (int which = 0; which < 2; which++) {
            Files.writeString(config(which), CONFIG.formatted(which, upstream.base()));
        }
        nginx = new Nginx(Files.createDirectory(folder.resolve("nginx")), site(), port);
        try {
            gateways.add(start(0, flags));
            gateways.add(start(1, flags));
            ports.forEach(BehindNginx::awaitReady);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private String site() throws IOException {
        Map<String, String> yours = Map.of(
                "listen 443",
                "listen 127.0.0.1:" + port,
                "127.0.0.1:5001",
                "127.0.0.1:" + ports.get(0),
                "127.0.0.1:5002",
                "127.0.0.1:" + ports.get(1),
                "/etc/nginx/gateway.crt",
                certificate.certificate().toString(),
                "/etc/nginx/gateway.key",
                certificate.key().toString(),
                "/var/log/nginx/mlflow-gateway.log",
                folder.resolve("nginx").resolve("access.log").toString());
        String site = Files.readString(SITE);
        for (Map.Entry<String, String> each : yours.entrySet()) {
            assertThat(site).containsOnlyOnce(each.getKey()).containsPattern(each.getKey() + ".*; # yours\n");
            site = site.replace(each.getKey(), each.getValue());
        }
        return site;
    }

    private Path config(int which) {
        return folder.resolve("gateway-" + which + ".yaml");
    }

    private GatewayProcess start(int which, String... flags) {
        List<String> arguments = Stream.concat(
                        Stream.of(
                                "start",
                                "--config-path",
                                config(which).toString(),
                                "--port",
                                Integer.toString(ports.get(which)),
                                "--allowed-hosts",
                                NAME,
                                "--log-level",
                                "warn"),
                        Stream.of(flags))
                .toList();
        return new GatewayProcess(Map.of(), arguments.toArray(String[]::new));
    }

    private static void awaitReady(int port) {
        Eventually.within(Duration.ofSeconds(30), "the gateway on " + port + " is ready", () -> ready(port));
    }

    private static boolean ready(int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Ends one by SIGTERM, waits until it has ended, starts it anew on its port and waits until it is ready.
     *
     * @param which 0 or 1
     * @param flags of the new one
     * @return how long the old one took to end
     */
    Duration restart(int which, String... flags) {
        GatewayProcess old = gateways.get(which);
        long begun = System.nanoTime();
        old.terminate();
        assertThat(old.exitCode(Duration.ofSeconds(60))).as(old.output()).isZero();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        gateways.set(which, start(which, flags));
        awaitReady(ports.get(which));
        return took;
    }

    /** Ends one without a word. */
    void kill(int which) {
        gateways.get(which).close();
    }

    /** Speaks HTTP/1.1 and trusts nginx's certificate. */
    HttpClient client() {
        return client;
    }

    /** At nginx. */
    URI uri(String path) {
        return URI.create("https://127.0.0.1:" + port + path);
    }

    /** A chat call of JSON at nginx. */
    HttpRequest.Builder chat(String json) {
        return HttpRequest.newBuilder(uri("/endpoints/chat/invocations"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
    }

    /** A bare TLS connection to nginx. */
    Socket connect() {
        try {
            return certificate.trusting().getSocketFactory().createSocket("127.0.0.1", port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of nginx's access log: one for each request it has answered. */
    List<String> accessLog() {
        return nginx.read("access.log").lines().toList();
    }

    /** What nginx and the gateways complained of, but for connections refused by a gateway that was away. */
    String complaints() {
        return Stream.concat(
                        nginx.read("error.log").lines().filter(line -> !line.contains("Connection refused")),
                        gateways.stream().map(GatewayProcess::output))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        gateways.forEach(GatewayProcess::close);
        nginx.close();
    }
}
