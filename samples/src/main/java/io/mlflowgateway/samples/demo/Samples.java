package io.mlflowgateway.samples.demo;

import io.mlflowgateway.samples.HotReloadSwap;
import io.mlflowgateway.samples.OwnModel;
import io.mlflowgateway.samples.PromptTemplateChain;
import io.mlflowgateway.samples.Rag;
import io.mlflowgateway.samples.RouteSwap;
import io.mlflowgateway.samples.StreamingFlux;
import io.mlflowgateway.samples.process.Children;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All samples in the order of the demo, each with what must be true of what it saw, whatever model wrote the text. */
final class Samples {
    private final String gateway;
    private final Path config;
    private final Path work;
    private final Children children;
    private final PrintStream out;

    Samples(String gateway, Path config, Path work, Children children, PrintStream out) {
        this.gateway = gateway;
        this.config = config;
        this.work = work;
        this.children = children;
        this.out = out;
    }

    /** @param python false skips the sample that needs one */
    List<Step> steps(boolean python) {
        Supplier<Optional<String>> missing = python ? OwnModel::missing : () -> Optional.of("asked for by --no-python");
        return List.of(
                new Step("PromptTemplateChain", "a template and a route make a chain", this::promptTemplateChain),
                new Step("RouteSwap", "one chain, two routes, side by side", this::routeSwap),
                new Step("HotReloadSwap", "the model behind a name changes while calls run", this::hotReloadSwap),
                new Step("Rag", "questions answered from our own texts", this::rag),
                new Step("StreamingFlux", "an answer piece by piece", this::streamingFlux),
                new Step(
                        "OwnModel",
                        "our own MLflow models as routes, one asking another route",
                        missing,
                        this::ownModel));
    }

    private void promptTemplateChain() {
        String answer = PromptTemplateChain.run(gateway, out);
        Step.require(!answer.isBlank(), "the route answered nothing");
    }

    private void routeSwap() {
        var said = RouteSwap.run(gateway, List.of("chat", "chat-b"), out);
        Step.require(said.stream().noneMatch(one -> one.answer().isBlank()), "a route answered nothing");
    }

    private void hotReloadSwap() throws IOException {
        HotReloadSwap.Outcome seen = HotReloadSwap.run(gateway, "reloaded", config, out);
        Step.require(seen.failed() == 0, seen.failed() + " calls failed");
        Step.require(seen.switches() == 1, "the model changed " + seen.switches() + " times, not once");
    }

    private void rag() {
        Step.require(
                Rag.run(gateway, out).stream().allMatch(Rag.Answered::rightPassage),
                "a wrong passage came first for a question");
    }

    private void streamingFlux() {
        Step.require(StreamingFlux.run(gateway, out).size() > 1, "the answer came in one piece");
    }

    private void ownModel() throws IOException {
        OwnModel.Outcome seen = OwnModel.run(gateway, config, children, work, out);
        Step.require(seen.mood().equals("cheerful"), "the route mood answered " + seen.mood());
        Step.require(seen.relayed().startsWith("the chat route says: "), "the route asking answered " + seen.relayed());
    }
}
