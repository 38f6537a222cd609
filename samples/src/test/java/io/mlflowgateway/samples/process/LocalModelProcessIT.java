package io.mlflowgateway.samples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalModelProcessIT {
    private static final Duration START = Duration.ofSeconds(60);

    @Test
    void real_embeddings_are_served_until_the_process_is_asked_to_end(@TempDir Path temporary) throws Exception {
        HttpResponse<String> answer;
        try (Children children = new Children(Optional.empty());
                LocalModelProcess server = LocalModelProcess.start(children, temporary, START, List.of())) {
            answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(server.url() + "/v1/embeddings"))
                                    .POST(BodyPublishers.ofString(
                                            "{\"model\":\"all-minilm-l6-v2\",\"input\":\"hello\"}"))
                                    .build(),
                            BodyHandlers.ofString());
        }

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().split(",")).hasSizeGreaterThan(384);
        assertThat(temporary)
                .as("the native library is unpacked where the caller can delete it")
                .isDirectoryContaining("glob:**/onnxruntime-java*");
    }

    @Test
    void a_server_that_cannot_start_says_so_and_leaves_no_files_behind(@TempDir Path temporary) throws Exception {
        Process process = new ProcessBuilder(
                        Java.command(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.mlflowgateway.samples.localmodel.Main",
                        "--port",
                        "not-a-number")
                .redirectErrorStream(true)
                .start();

        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(said).contains("not-a-number");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void a_caller_learns_that_the_server_did_not_start(@TempDir Path temporary) {
        try (Children children = new Children(Optional.empty())) {
            assertThatThrownBy(() ->
                            LocalModelProcess.start(children, temporary, START, List.of("--port", "not-a-number")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("did not start");
        }
    }
}
