package io.mlflowgateway.samples.localmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlflowgateway.samples.process.CacheFolder;
import io.mlflowgateway.samples.process.Children;
import io.mlflowgateway.samples.process.LocalModelProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real small model, in its own process; only where {@code ./demo --local-model} has fetched the weights before. */
class LlamaTextModelIT {
    @Test
    void the_base_model_answers_a_question_and_the_process_ends_when_asked(@TempDir Path temporary) throws Exception {
        Path weights = CacheFolder.ofUser().folder("models").resolve(WeightsPins.GEMMA.fileName());
        assumeTrue(Files.exists(weights), "skipped: the weights are not here, ./demo --local-model fetches them");

        String answer;
        long ending;
        try (Children children = new Children(Optional.empty())) {
            LocalModelProcess server =
                    LocalModelProcess.start(children, temporary, Duration.ofSeconds(90), List.of("--local-model"));
            HttpRequest question = HttpRequest.newBuilder(URI.create(server.url() + "/v1/chat/completions"))
                    .POST(BodyPublishers.ofString("{\"model\":\"gemma-3-270m\",\"messages\":"
                            + "[{\"role\":\"user\",\"content\":\"What is the capital of France?\"}]}"))
                    .build();
            answer = HttpClient.newHttpClient()
                    .send(question, BodyHandlers.ofString())
                    .body();
            ending = System.nanoTime();
        }

        assertThat(answer).contains("Paris");
        assertThat(Duration.ofNanos(System.nanoTime() - ending)).isLessThan(Duration.ofSeconds(5));
    }
}
