package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * Hugging Face's servers: Text Generation Inference for chat by its API in OpenAI's form, and for completions by its own
 * (or OpenAI's); Text Embeddings Inference for embeddings by OpenAI's form (or its own). Shapes: docs/providers.md#huggingface-text-generation-inference.
 */
public final class TextGenerationInferenceProvider implements OpenAiLike {
    static final String URL = "hf_server_url";
    static final String KEY = "hf_api_key";
    static final String COMPLETIONS = "hf_completions_api";
    static final String EMBEDDINGS = "hf_embeddings_api";

    /** A server has one model, whatever it is called. */
    private static final ProviderSpec SPEC = new ProviderSpec(
                    "huggingface-text-generation-inference",
                    List.of(),
                    EnumSet.allOf(Task.class),
                    true,
                    List.of(
                            SettingKey.required(URL, Kind.URL, "The server's root, without /v1."),
                            SettingKey.optional(
                                    KEY,
                                    Kind.SECRET,
                                    "",
                                    "Credential, sent as a bearer token where something asks for one."),
                            SettingKey.choice(
                                    COMPLETIONS,
                                    List.of("generate", "openai"),
                                    "How completions are asked: /generate and /generate_stream, or /v1/completions."),
                            SettingKey.choice(
                                    EMBEDDINGS,
                                    List.of("openai", "embed"),
                                    "How embeddings are asked: /v1/embeddings, or /embed.")))
            .withoutModel();

    private static final RequestForm FORM = RequestForm.OPENAI.messages(new MessageForm(false, true, Set.of()));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public RequestForm form(Task task, Settings settings) {
        return FORM;
    }

    @Override
    public String url(Task task, Attempt attempt) {
        return attempt.settings().text(URL).orElseThrow() + "/v1" + OpenAiWire.path(task);
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        return CredentialHeader.bearer(settings.secret(KEY));
    }

    private static boolean generates(Task task, Settings settings) {
        return task == Task.COMPLETIONS
                && !settings.text(COMPLETIONS).orElse("").equals("openai");
    }

    private static boolean embeds(Task task, Settings settings) {
        return task == Task.EMBEDDINGS && settings.text(EMBEDDINGS).orElse("").equals("embed");
    }

    @Override
    public ParameterTable parameters(Task task, String model, Settings settings) {
        if (generates(task, settings)) {
            return TgiParameters.GENERATE;
        }
        return embeds(task, settings)
                ? TgiParameters.EMBED
                : form(task, settings).parameters(task);
    }

    @Override
    public int mostTexts(Attempt attempt) {
        return embeds(Task.EMBEDDINGS, attempt.settings()) ? TeiEmbeddings.MOST_TEXTS : Integer.MAX_VALUE;
    }

    @Override
    public UpstreamRequest encode(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        boolean generates = generates(query.task(), settings);
        if (!generates && !embeds(query.task(), settings)) {
            return OpenAiLike.super.encode(query, attempt);
        }
        String own = !generates ? "/embed" : query.streams() ? "/generate_stream" : "/generate";
        ObjectNode body = generates ? TgiGenerate.body(query) : TeiEmbeddings.body(Prompts.tree(query.body()));
        String url = settings.text(URL).orElseThrow() + own;
        return new UpstreamRequest(url, headers(settings), Json.bytes(body), query.streams());
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        if (generates(query.task(), attempt.settings())) {
            return TgiGenerate.reply(response.body(), attempt);
        }
        return embeds(query.task(), attempt.settings())
                ? TeiEmbeddings.reply(query, attempt, response.body())
                : OpenAiLike.super.decode(query, attempt, response);
    }

    @Override
    public Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        return generates(query.task(), attempt.settings())
                ? CompletionsOverChat.answered(query, ChunkReader.pieces(events, () -> new TgiStream(attempt)))
                : OpenAiLike.super.decodeStream(query, attempt, events);
    }
}
