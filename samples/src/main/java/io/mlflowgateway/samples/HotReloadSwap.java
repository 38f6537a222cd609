package io.mlflowgateway.samples;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.samples.process.GatewayFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The model behind a name changes in the configuration file while a chain keeps calling: no call fails. */
public final class HotReloadSwap {
    private static final int CALLS_OF_EACH = 100;
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private HotReloadSwap() {}

    /**
     * What was seen.
     *
     * @param answersByModel how many calls each model answered, in the order in which the models first appeared
     * @param switches how often the model changed from one call to the next
     * @param untilServed from saving the file to the first answer of the new model
     */
    public record Outcome(
            int calls, int failed, Map<String, Integer> answersByModel, int switches, Duration untilServed) {}

    public static void main(String[] arguments) throws IOException {
        run(
                SampleArguments.gateway(arguments),
                "reloaded",
                Path.of(SampleArguments.configuration(arguments)),
                System.out);
    }

    /** @param configuration holds {@code name: model-one}, the model behind the route; it becomes {@code model-two} */
    public static Outcome run(String gateway, String route, Path configuration, PrintStream out) throws IOException {
        // Without retries, so that a call that fails is seen to fail.
        ChatModel chat = MlflowGatewayChatModel.builder()
                .baseUrl(gateway)
                .route(route)
                .maxRetries(0)
                .build();
        ChatRequest question =
                ChatRequest.builder().messages(UserMessage.from("Who are you?")).build();
        SwapTally tally = new SwapTally();
        long end = System.nanoTime() + DEADLINE.toNanos();
        // tag::hot-reload[]
        while (tally.answersOf("model-two") < CALLS_OF_EACH && System.nanoTime() < end) {
            if (tally.calls() == CALLS_OF_EACH) {
                new GatewayFile(configuration).replace("name: model-one", "name: model-two");
                tally.saved();
            }
            try {
                tally.answered(ModelBehind.of(chat.chat(question)));
            } catch (RuntimeException e) {
                tally.failed();
                out.println("call " + tally.calls() + " failed: " + e.getMessage());
            }
        }
        // end::hot-reload[]
        Outcome outcome = tally.outcome();
        out.println("calls=" + outcome.calls() + " failed=" + outcome.failed() + " answered by "
                + outcome.answersByModel());
        out.println("the new model answered " + outcome.untilServed().toMillis() + " ms after the file was saved");
        return outcome;
    }
}
