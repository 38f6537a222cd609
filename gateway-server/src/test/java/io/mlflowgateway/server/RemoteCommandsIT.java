package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.ServerConfigReader;
import io.mlflowgateway.server.testing.GeneratedFile;
import io.mlflowgateway.server.testing.RawConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code diff} and {@code reload} against a gateway that watches its file. */
class RemoteCommandsIT {
    private static final String ROUTE =
            "endpoints:\n  - {name: %s, endpoint_type: llm/v1/chat, model: {provider: echo, name: %s}}\n";

    @TempDir
    private Path folder;

    private Path inForce;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        inForce = Files.write(folder.resolve("gateway.yaml"), resource("before.yaml"));
        ConfigReader reader = new ConfigFile(Map.of()).reader();
        GatewayConfig config = reader.read(inForce);
        gateway = serving(config);
        gateway.watch(inForce, reader, config);
    }

    private static Gateway serving(GatewayConfig config) throws Exception {
        return Gateway.start(
                config,
                new ServerConfigReader(Map.of(), 1)
                        .read(Map.of("port", "0", "drain-timeout", "100ms"), Map.of())
                        .config());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** What a command printed, file names without their folder, and its exit code. */
    private record Ended(int code, String out, String err) {}

    private Ended run(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands =
                Main.commandLine(environment).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = commands.execute(arguments);
        return new Ended(code, told(out), told(err));
    }

    private String told(StringWriter written) {
        return written.toString().replace(folder + "/", "");
    }

    private Ended run(String command, Path file, String... more) {
        String[] arguments = new String[5 + more.length];
        System.arraycopy(
                new String[] {command, "--config-path", file.toString(), "--url", "http://127.0.0.1:" + gateway.port()},
                0,
                arguments,
                0,
                5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return run(Map.of(), arguments);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RemoteCommandsIT.class.getResourceAsStream("/command/" + name), name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void diff_and_a_dry_run_say_what_would_change_and_change_nothing() throws IOException {
        Path next = Files.write(folder.resolve("next.yaml"), resource("next.yaml"));
        String before = get("/health/config");

        Ended diff = run("diff", next);
        Ended dryRun = run("reload", next, "--dry-run");

        assertThat(diff.err()).isEmpty();
        assertThat(diff.code()).isEqualTo(1);
        assertThat(dryRun.code()).isZero();
        assertThat(dryRun.out()).isEqualTo(diff.out());
        assertThat(diff.out()).doesNotContain("canary");
        assertThat(get("/health/config")).isEqualTo(before);
        GeneratedFile.mustHold("gateway-server/src/test/resources/command/diff.txt", diff.out());
    }

    @Test
    void what_is_in_force_is_no_difference() {
        Ended diff = run("diff", inForce);
        Ended dryRun = run("reload", inForce, "--dry-run");
        Ended reload = run("reload", inForce);

        assertThat(diff.code()).isZero();
        assertThat(diff.out()).startsWith("no difference: gateway.yaml is what is in force, version ");
        assertThat(dryRun).isEqualTo(diff);
        assertThat(reload.code()).isZero();
        assertThat(reload.out()).matches("configuration [0-9a-f]{12} is in force, 4 routes\n");
    }

    @Test
    void what_is_not_shown_is_a_difference_that_says_so() throws IOException {
        String text = new String(resource("before.yaml"), StandardCharsets.UTF_8);
        Path otherKey = write("other-key.yaml", text.replace("canary-key-one", "canary-key-two"));
        Path otherHost = write(
                "other-host.yaml",
                text.replace("canary-key-one", "canary-key-one, openai_api_base: 'http://canary.internal/v1'"));

        assertThat(run("diff", otherKey).out())
                .startsWith("differs only in what is not shown (credentials, provider settings, comments)\n")
                .doesNotContain("canary");
        assertThat(run("diff", otherHost).out())
                .startsWith("differs only in what is not shown")
                .doesNotContain("canary");
        assertThat(run("diff", otherHost).code()).isEqualTo(1);
    }

    @Test
    void a_file_that_cannot_be_used_is_refused_with_its_problems() throws IOException {
        Path broken = write("broken.yaml", "endpoints:\n  - {name: a b, endpoint_type: llm/v1/chat}\n");

        for (String[] command : new String[][] {{"diff"}, {"reload", "--dry-run"}}) {
            Ended ended = command.length == 1 ? run(command[0], broken) : run(command[0], broken, command[1]);

            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err())
                    .contains("broken.yaml:2: endpoints[0].name: a name is")
                    .contains("broken.yaml:2: endpoints[0].model: is missing")
                    .endsWith("2 problem(s) found\n");
        }
    }

    @Test
    void a_gateway_that_is_not_there_cannot_be_asked() {
        String url = "http://127.0.0.1:" + gateway.port();
        gateway.close();

        for (String more : new String[] {"--dry-run", "--wait=10s"}) {
            Ended reload = run(Map.of(), "reload", "--config-path", inForce.toString(), "--url", url, more);
            assertThat(reload.code()).isEqualTo(2);
            assertThat(reload.err())
                    .isEqualTo(url + " cannot be asked: nobody listens there; name the gateway with" + " --url\n");
        }
        assertThat(run(Map.of(), "diff", "--config-path", inForce.toString(), "--url", url)
                        .code())
                .isEqualTo(2);
    }

    @Test
    void reload_waits_until_the_saved_file_is_in_force() throws IOException {
        Files.writeString(inForce, ROUTE.formatted("fresh", "m"));

        Ended reload = run("reload", inForce);

        assertThat(reload.code()).as(reload.err()).isZero();
        assertThat(reload.out()).matches("configuration [0-9a-f]{12} is in force, 1 routes\n");
        assertThat(get("/api/2.0/endpoints/fresh")).contains("\"name\":\"fresh\"");
    }

    @Test
    void reload_says_why_the_gateway_cannot_use_the_saved_file() throws IOException {
        Files.writeString(inForce, "endpoints:\n  - {name: a, endpoint_type: llm/v1/chats, model: {provider: echo}}\n");

        Ended reload = run("reload", inForce);

        assertThat(reload.code()).isEqualTo(2);
        assertThat(reload.err())
                .startsWith("the gateway cannot use it, configuration ")
                .contains("gateway.yaml:2: endpoints[0].endpoint_type: 'llm/v1/chats' is no type of a route");
    }

    @Test
    void reload_says_that_the_gateway_watches_another_file() throws IOException {
        Path other = write("other.yaml", ROUTE.formatted("other", "m"));

        Ended reload = run("reload", other, "--wait", "500ms");

        assertThat(reload.code()).isEqualTo(1);
        assertThat(reload.err())
                .matches("not in force within 500 ms: the gateway watches 'gateway.yaml', which holds [0-9a-f]{12},"
                        + " and other.yaml is [0-9a-f]{12}\n");
    }

    @Test
    void reload_waits_for_a_file_that_is_moved_in_later() throws Exception {
        Path next = write("next.yaml", ROUTE.formatted("later", "m"));
        CompletableFuture<Ended> waiting = CompletableFuture.supplyAsync(() -> run("reload", next, "--wait", "60s"));

        Files.copy(next, folder.resolve("copy.yaml"));
        Files.move(folder.resolve("copy.yaml"), inForce, StandardCopyOption.REPLACE_EXISTING);

        assertThat(waiting.get(60, TimeUnit.SECONDS).code()).isZero();
    }

    @Test
    void reload_says_that_a_gateway_without_a_file_takes_over_none() throws Exception {
        Path file = write("any.yaml", ROUTE.formatted("any", "m"));
        try (Gateway echo = serving(EchoRoutes.config())) {
            String url = "http://127.0.0.1:" + echo.port();

            Ended reload = run(Map.of(), "reload", "--config-path", file.toString(), "--url", url, "--wait", "300ms");

            assertThat(reload.code()).isEqualTo(1);
            assertThat(reload.err()).contains("was started without a file");
        }
    }

    @Test
    void without_a_url_the_gateway_is_asked_where_it_listens_by_file_or_variable() throws IOException {
        String port = Integer.toString(gateway.port());
        Path file = write("port.yaml", "server: {port: " + port + "}\nendpoints: []\n");

        Ended byFile = run(Map.of(), "diff", "--config-path", file.toString());
        Ended byVariable = run(Map.of("GATEWAY_PORT", port), "diff", "--config-path", inForce.toString());

        assertThat(byFile.code()).as(byFile.err()).isEqualTo(1);
        assertThat(byFile.out()).contains("    port: none -> " + port);
        assertThat(byVariable.code()).as(byVariable.err()).isZero();
    }

    @Test
    void a_wrong_url_or_time_is_a_wrong_usage() {
        for (String url : new String[] {"ftp://h", "127.0.0.1:5000", "http://user:pass@h", "http://h?x"}) {
            Ended ended = run(Map.of(), "diff", "--config-path", inForce.toString(), "--url", url);
            assertThat(ended.code()).as(url).isEqualTo(2);
            assertThat(ended.err()).contains("--url").doesNotContain("pass");
        }
        assertThat(run("reload", inForce, "--wait", "soon").err()).contains("'soon' is no time such as 500ms or 10s");
        assertThat(run(Map.of(), "diff").err()).isEqualTo("name the file with --config-path\n");
    }

    private String get(String path) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            return caller.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .answer()
                    .body();
        }
    }
}
