package io.mlflowgateway.samples;

import dev.langchain4j.model.language.LanguageModel;
import io.mlflowgateway.langchain4j.MlflowGatewayLanguageModel;
import io.mlflowgateway.samples.process.Await;
import io.mlflowgateway.samples.process.CacheFolder;
import io.mlflowgateway.samples.process.Children;
import io.mlflowgateway.samples.process.GatewayFile;
import io.mlflowgateway.samples.python.MlflowEnvironment;
import io.mlflowgateway.samples.python.Python;
import io.mlflowgateway.samples.python.ServedModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Models of our own, served by {@code mlflow models serve}, become routes; one of them asks another route itself. */
public final class OwnModel {
    private static final Duration RELOAD = Duration.ofSeconds(10);

    private OwnModel() {}

    /** What the two models answered through their routes. */
    public record Outcome(String mood, String relayed) {}

    public static void main(String[] arguments) throws IOException {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            System.out.println("skipped: " + missing.get());
            return;
        }
        Path work = Files.createTempDirectory("own-model-");
        try (Children children = new Children(Optional.empty())) {
            Path configuration = Path.of(SampleArguments.configuration(arguments));
            run(SampleArguments.gateway(arguments), configuration, children, work, System.out);
        }
    }

    /** Why this sample cannot run here; empty when it can. */
    public static Optional<String> missing() {
        Optional<Python> python = Python.find();
        if (python.isEmpty()) {
            return Optional.of("there is no Python 3.9 or newer");
        }
        return python.get().has("ensurepip")
                ? Optional.empty()
                : Optional.of(
                        "this Python cannot make virtual environments (Debian, Ubuntu: apt install python3-venv)");
    }

    /**
     * Serves both models, adds their routes to the running gateway and asks through them. The models end with the call.
     *
     * @param work a folder for the saved models and the servers' output
     */
    public static Outcome run(String gateway, Path configuration, Children children, Path work, PrintStream out)
            throws IOException {
        Python python = Python.find().orElseThrow(() -> new IOException("there is no Python 3.9 or newer"));
        out.println("MLflow " + MlflowEnvironment.VERSION + " on Python " + python.version());
        MlflowEnvironment mlflow =
                MlflowEnvironment.prepare(children, CacheFolder.ofUser().folder("python"), python, out);
        out.println("saving two models and starting their servers (takes about 20 seconds) ...");
        try (ServedModel mood = ServedModel.start(children, mlflow, "mood_model.py", work, Map.of());
                ServedModel asking =
                        ServedModel.start(children, mlflow, "asking_model.py", work, Map.of("GATEWAY_URL", gateway))) {
            mood.awaitHealthy();
            asking.awaitHealthy();
            out.println("both models are served; adding their routes to the running gateway");
            GatewayFile file = new GatewayFile(configuration);
            file.append(route("mood", mood.url()));
            file.append(route("asking", asking.url()));
            Await.answered(gateway + "/api/2.0/endpoints/asking", RELOAD);
            Outcome outcome = new Outcome(
                    ask(gateway, "mood", "A sunny day by the sea"),
                    ask(gateway, "asking", "What is the capital of France?"));
            out.println("route mood:   " + outcome.mood());
            out.println("route asking: " + outcome.relayed());
            return outcome;
        }
    }

    // tag::own-model[]
    private static String route(String name, String modelServer) {
        return """
                  - name: %s
                    endpoint_type: llm/v1/completions
                    model:
                      provider: mlflow-model-serving
                      name: %s
                      config:
                        model_server_url: %s
                """.formatted(name, name, modelServer);
    }

    private static String ask(String gateway, String route, String text) {
        LanguageModel model = MlflowGatewayLanguageModel.builder()
                .baseUrl(gateway)
                .route(route)
                .build();
        return model.generate(text).content();
    }
    // end::own-model[]
}
