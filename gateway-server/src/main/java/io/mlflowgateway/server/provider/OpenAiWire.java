package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * OpenAI's wire, for the providers that speak it or nearly so. A request stays the caller's bytes with members put in,
 * taken out or changed; an answer stays the provider's.
 */
final class OpenAiWire {
    private OpenAiWire() {}

    /**
     * The changes that make a caller's body the provider's.
     *
     * @param model the model's name at the provider; empty where the target names none
     * @throws Failure for what cannot be said in this form
     */
    static Body.Edit edit(Query query, String model, RequestForm form) {
        Body body = query.body();
        Body.Edit edit = body.edit();
        leaveOut(body, form, edit);
        rename(body, form, edit);
        if (form.namesModel() && !model.isEmpty()) {
            edit.set("model", Json.quoted(model));
        } else {
            edit.remove("model");
        }
        scaleTemperature(query, form, edit);
        translateContent(query, form, edit);
        if (query.streams()) {
            edit.set("stream", "true");
        }
        if (!form.asksForUsage()) {
            edit.remove("stream_options");
        } else if (query.streams()) {
            askForUsage(body, edit);
        }
        return edit;
    }

    private static void leaveOut(Body body, RequestForm form, Body.Edit edit) {
        form.dropped().forEach(edit::remove);
        if (!form.known().isEmpty()) {
            body.members().stream()
                    .map(Member::name)
                    .filter(name -> !form.known().contains(name))
                    .forEach(edit::remove);
        }
    }

    private static void rename(Body body, RequestForm form, Body.Edit edit) {
        if (form.renamed().isEmpty()) {
            return;
        }
        for (Member member : body.members()) {
            String name = form.renamed().getOrDefault(member.name(), member.name());
            if (!name.equals(member.name())) {
                edit.remove(member.name());
                boolean isFree = body.member(name)
                        .filter(present -> present.kind() != Kind.NULL)
                        .isEmpty();
                if (isFree && member.kind() != Kind.NULL) {
                    edit.set(name, body.raw(member));
                }
            }
        }
    }

    private static void scaleTemperature(Query query, RequestForm form, Body.Edit edit) {
        BigDecimal factor =
                query.temperatureRange() == TemperatureRange.ZERO_TO_ONE ? form.classicScale() : form.scale();
        Optional<Member> temperature = number(query.body(), "temperature");
        if (temperature.isPresent() && !factor.equals(BigDecimal.ONE)) {
            edit.set("temperature", scaled(query.body().raw(temperature.get()), factor));
        }
    }

    private static String scaled(String number, BigDecimal factor) {
        try {
            return new BigDecimal(number).multiply(factor).toString();
        } catch (ArithmeticException | NumberFormatException e) {
            throw Failure.of(Failure.Kind.INVALID_REQUEST, "temperature is out of range");
        }
    }

    private static void translateContent(Query query, RequestForm form, Body.Edit edit) {
        Body body = query.body();
        if (query.task() == Task.COMPLETIONS && form.completionsAsChat()) {
            edit.remove("prompt").set("messages", onlyMessage(body));
        }
        if (query.task() == Task.CHAT) {
            body.member("messages")
                    .flatMap(messages -> form.messages().changed(body, messages))
                    .ifPresent(changed -> edit.set("messages", changed));
        }
    }

    private static String onlyMessage(Body body) {
        Optional<Member> prompt = body.member("prompt");
        if (prompt.isPresent() && prompt.get().kind() == Kind.STRING) {
            return "[{\"role\":\"user\",\"content\":" + body.raw(prompt.get()) + "}]";
        }
        String text = CompletionsOverChat.prompt(Prompts.tree(body).path("prompt"));
        return "[{\"role\":\"user\",\"content\":" + Json.quoted(text) + "}]";
    }

    private static void askForUsage(Body body, Body.Edit edit) {
        Optional<Member> given = body.member("stream_options");
        if (given.isEmpty() || given.get().kind() == Kind.NULL) {
            edit.set("stream_options", "{\"include_usage\":true}");
        } else if (given.get().kind() == Kind.OBJECT) {
            byte[] merged = scanned(body.raw(given.get()))
                    .edit()
                    .set("include_usage", "true")
                    .toBytes();
            edit.set("stream_options", new String(merged, StandardCharsets.UTF_8));
        }
        // Anything else is the caller's mistake, and the provider's words about it are the best.
    }

    private static Body scanned(String object) {
        try {
            return BodyScanner.scan(object.getBytes(StandardCharsets.UTF_8));
        } catch (BodyScanner.Malformed e) {
            throw Failure.of(Failure.Kind.INVALID_REQUEST, "stream_options: " + e.getMessage());
        }
    }

    /** Where the task is asked, below an API's base. */
    static String path(Task task) {
        return switch (task) {
            case CHAT -> "/chat/completions";
            case COMPLETIONS -> "/completions";
            case EMBEDDINGS -> "/embeddings";
        };
    }

    /** A text as one segment of a path, or one value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * An answer, with text where completions were asked for.
     *
     * @throws Failure where it is none, or reports an error
     */
    static Reply.Whole decode(byte[] json, Task task, Settings settings) {
        Body body = OpenAiAnswer.scan(json, task, settings);
        if (task == Task.COMPLETIONS) {
            body = withText(body, settings);
        }
        return new Reply.Whole(body, usage(body));
    }

    private static Body withText(Body body, Settings settings) {
        try {
            return ChunkScan.of(body.bytes(), new OpenChoices()).everyChoiceHasText()
                    ? body
                    : OpenAiAnswer.scan(CompletionText.translate(body.bytes()), Task.COMPLETIONS, settings);
        } catch (BodyScanner.Malformed | JsonProcessingException | IllegalArgumentException e) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer has a choice without text");
        }
    }

    private static Usage usage(Body body) {
        Optional<Member> usage = body.member("usage").filter(member -> member.kind() == Kind.OBJECT);
        return usage.isEmpty() ? Usage.UNKNOWN : TokenCounts.of(body, usage.get());
    }

    /** How many choices a stream must bring to be complete: the caller's {@code n}. */
    static int choicesAsked(Body body) {
        Optional<Member> n = number(body, "n");
        try {
            return n.isEmpty() ? 1 : Math.max(1, new BigDecimal(body.raw(n.get())).intValueExact());
        } catch (NumberFormatException | ArithmeticException e) {
            // The provider will say what it thinks of that.
            return 1;
        }
    }

    private static Optional<Member> number(Body body, String name) {
        return body.member(name).filter(member -> member.kind() == Kind.NUMBER);
    }
}
