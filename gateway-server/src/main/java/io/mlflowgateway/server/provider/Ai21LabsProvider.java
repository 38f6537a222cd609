package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** AI21's Jamba models, whose completions are asked as chat, and its older ones, which complete. Shapes: docs/providers.md#ai21labs. */
public final class Ai21LabsProvider implements OpenAiLike {
    static final String KEY = "ai21labs_api_key";
    static final String BASE = "ai21labs_api_base";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "ai21labs",
            List.of(),
            EnumSet.of(Task.CHAT, Task.COMPLETIONS),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as a bearer token."),
                    SettingKey.optional(BASE, Kind.URL, "https://api.ai21.com/studio/v1", "Where the API is.")));

    /** OpenAI's members that Jamba has no place for; others may be Jamba's own, and go. */
    private static final List<String> NOT_JAMBAS = List.of(
            "user",
            "safety_identifier",
            "seed",
            "store",
            "metadata",
            "service_tier",
            "frequency_penalty",
            "presence_penalty",
            "logit_bias",
            "logprobs",
            "top_logprobs",
            "parallel_tool_calls",
            "reasoning_effort",
            "verbosity",
            "prediction",
            "modalities",
            "audio",
            "web_search_options",
            "prompt_cache_key",
            "echo",
            "best_of",
            "suffix");

    private static final RequestForm CHAT = RequestForm.OPENAI
            .dropping(NOT_JAMBAS)
            .renaming(Map.of("max_completion_tokens", "max_tokens"))
            .withoutStreamOptions()
            .messages(new MessageForm(false, false, Set.of()))
            .scaled("1", "1");

    private static final RequestForm COMPLETIONS = CHAT.askingChat();

    private static final String JURASSICS = "j2-";
    private static final InvokeAi21 JURASSIC = new InvokeAi21("ai21labs");

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public RequestForm form(Task task, Settings settings) {
        return task == Task.COMPLETIONS ? COMPLETIONS : CHAT;
    }

    @Override
    public ParameterTable parameters(Task task, String model, Settings settings) {
        if (model.startsWith(JURASSICS)) {
            return JURASSIC.parameters(model);
        }
        return OpenAiLike.super
                .parameters(task, model, settings)
                .with(Treatment.UNSUPPORTED, "tool_choice")
                .with(
                        Treatment.changed("response_format", "json_object goes as it came; a JSON schema is refused"),
                        "response_format");
    }

    @Override
    public UpstreamRequest encode(Query query, Attempt attempt) {
        if (!attempt.model().startsWith(JURASSICS)) {
            return OpenAiLike.super.encode(query, attempt);
        }
        if (query.task() != Task.COMPLETIONS) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "models of ai21labs named " + JURASSICS + "... do not chat");
        }
        Settings settings = attempt.settings();
        String url = settings.text(BASE).orElseThrow() + '/' + OpenAiWire.encoded(attempt.model()) + "/complete";
        return new UpstreamRequest(url, headers(settings), Json.bytes(JURASSIC.body(query, attempt)), false);
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        return attempt.model().startsWith(JURASSICS)
                ? JURASSIC.reply(response, attempt)
                : OpenAiLike.super.decode(query, attempt, response);
    }

    @Override
    public String url(Task task, Attempt attempt) {
        return attempt.settings().text(BASE).orElseThrow() + OpenAiWire.path(Task.CHAT);
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        return CredentialHeader.bearer(settings.secret(KEY));
    }

    /** Jamba takes text, answers in JSON of no schema, and chooses tools itself. */
    @Override
    public void adjust(Query query, Body.Edit edit) {
        Body body = query.body();
        body.member("tool_choice").map(body::raw).ifPresent(choice -> chooseNothing(choice, edit));
        boolean typed = body.member("messages").map(body::raw).orElse("").contains("\"type\"");
        if (typed || body.member("response_format").isPresent()) {
            refuseOthers(Prompts.tree(body));
        }
    }

    private static void chooseNothing(String choice, Body.Edit edit) {
        if (!choice.equals("\"auto\"") && !choice.equals("null")) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "ai21labs models cannot be told which tool to call");
        }
        edit.remove("tool_choice");
    }

    private static void refuseOthers(ObjectNode asked) {
        if (asked.at("/response_format/type").asText().equals("json_schema")) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, "ai21labs models know no JSON schema; json_object they do");
        }
        for (JsonNode message : asked.path("messages")) {
            for (JsonNode part : message.path("content")) {
                if (!part.path("type").asText("text").equals("text")) {
                    throw Failure.of(Failure.Kind.UNPROCESSABLE, "ai21labs models take text and nothing else");
                }
            }
        }
    }
}
