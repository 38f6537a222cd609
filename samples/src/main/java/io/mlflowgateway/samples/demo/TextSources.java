package io.mlflowgateway.samples.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Picks the text source: the local model when it was asked for, else OpenAI when there is a key, else an Ollama on this
 * machine, else the offline echo. A source once picked is not left for another when it fails.
 */
final class TextSources {
    private static final Duration OLLAMA_PATIENCE = Duration.ofSeconds(2);

    private final Map<String, String> environment;
    private final String ollama;

    /** @param ollama the address of an Ollama, running or not */
    TextSources(Map<String, String> environment, String ollama) {
        this.environment = environment;
        this.ollama = ollama;
    }

    /** @param localModelServer where the local model server listens, serving text if {@code localModel} */
    TextSource pick(boolean localModel, String localModelServer) {
        if (localModel) {
            return local(localModelServer);
        }
        if (!environment.getOrDefault("OPENAI_API_KEY", "").isBlank()) {
            return openAi();
        }
        List<String> models = ollamaModels();
        return models.isEmpty() ? echo() : ollama(models);
    }

    private static TextSource echo() {
        return new TextSource(
                "echo: the gateway's offline provider repeats what it was asked. For text by a model set OPENAI_API_KEY, "
                        + "start an Ollama, or run ./demo --local-model",
                echo("echo-one"),
                echo("echo-two"),
                echo("echo-one"));
    }

    /** The base model continues text better than it chats, so the second opinion is the same model, seen plainly. */
    private static TextSource local(String server) {
        String model = openAiCompatible("gemma-3-270m", server + "/v1", "not-needed");
        return new TextSource(
                "local model: gemma-3-270m, a small base model inside the local model server (" + server
                        + "). Its answers are short and not always right",
                model,
                echo("echo-two"),
                model);
    }

    /** Where {@code OPENAI_BASE_URL} is set the key belongs to that server and may go to no other. */
    private TextSource openAi() {
        String base = environment.getOrDefault("OPENAI_BASE_URL", "");
        if (!base.matches("(https?://[A-Za-z0-9._:/-]+)?")) {
            throw new IllegalArgumentException("OPENAI_BASE_URL is not a plain http or https address");
        }
        return new TextSource(
                "OpenAI" + (base.isEmpty() ? "" : " at " + base) + ", with the key in OPENAI_API_KEY",
                openAiCompatible("gpt-4o-mini", base, "$OPENAI_API_KEY"),
                openAiCompatible("gpt-4.1-nano", base, "$OPENAI_API_KEY"),
                openAiCompatible("gpt-3.5-turbo-instruct", base, "$OPENAI_API_KEY"));
    }

    private TextSource ollama(List<String> models) {
        String base = ollama + "/v1";
        String first = openAiCompatible(models.get(0), base, "not-needed");
        return new TextSource(
                "Ollama at " + ollama + ", model " + models.get(0),
                first,
                models.size() > 1 ? openAiCompatible(models.get(1), base, "not-needed") : echo("echo-two"),
                first);
    }

    private static String echo(String name) {
        return "{provider: echo, name: " + name + "}";
    }

    /** @param base blank for OpenAI itself */
    private static String openAiCompatible(String name, String base, String key) {
        String address = base.isBlank() ? "" : "openai_api_base: \"" + base + "\", ";
        return "{provider: openai, name: \"" + name + "\", config: {" + address + "openai_api_key: " + key + "}}";
    }

    /** Names of the models an Ollama has, without those that only embed; none when there is no Ollama. */
    private List<String> ollamaModels() {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(OLLAMA_PATIENCE).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(ollama + "/api/tags"))
                .timeout(OLLAMA_PATIENCE)
                .build();
        List<String> names = new ArrayList<>();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            for (JsonNode model : new ObjectMapper().readTree(response.body()).path("models")) {
                String name = model.path("name").asText("");
                if (name.matches("[A-Za-z0-9._:/-]+") && !name.contains("embed")) {
                    names.add(name);
                }
            }
        } catch (IOException noOllama) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return names;
    }
}
