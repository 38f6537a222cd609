package io.mlflowgateway.samples;

import io.mlflowgateway.samples.process.Children;
import io.mlflowgateway.samples.process.GatewayProcess;
import io.mlflowgateway.samples.process.LocalModelProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The gateway's jar and the local model server, each in its own process, with echo routes and real embeddings. */
final class RunningGateway implements AutoCloseable {
    private static final Path JAR = Path.of("..", "gateway-server", "target", "gateway-server.jar");

    final Children children = new Children(Optional.empty());
    final Path config;
    final String url;
    final ByteArrayOutputStream said = new ByteArrayOutputStream();
    final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

    /** @param folder for configuration and log; belongs to this gateway alone */
    RunningGateway(Path folder) throws IOException {
        try {
            LocalModelProcess models = LocalModelProcess.start(
                    children, Files.createDirectory(folder.resolve("model-server")), Duration.ofSeconds(60), List.of());
            config = Files.writeString(folder.resolve("gateway.yaml"), yaml(models.url()));
            url = GatewayProcess.start(children, JAR, config, folder.resolve("gateway.log"))
                    .url();
        } catch (IOException e) {
            children.close();
            throw e;
        }
    }

    private static String yaml(String modelServer) {
        return """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model: {provider: echo, name: echo-one}
                  - name: chat-b
                    endpoint_type: llm/v1/chat
                    model: {provider: echo, name: echo-two}
                  - name: completions
                    endpoint_type: llm/v1/completions
                    model: {provider: echo, name: echo-one}
                  - name: embeddings
                    endpoint_type: llm/v1/embeddings
                    model:
                      provider: openai
                      name: all-minilm-l6-v2
                      config:
                        openai_api_base: %s/v1
                        openai_api_key: not-needed
                  - name: limited
                    endpoint_type: llm/v1/chat
                    model: {provider: echo, name: echo-one}
                    limit: {calls: 1, renewal_period: year}
                  - name: reloaded
                    endpoint_type: llm/v1/chat
                    model:
                      provider: echo
                      name: model-one
                """.formatted(modelServer);
    }

    String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        children.close();
    }
}
