package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Treatment;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Task;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Together AI. Shapes: docs/providers.md#togetherai. */
public final class TogetherAiProvider implements OpenAiLike {
    static final String KEY = "togetherai_api_key";
    static final String BASE = "togetherai_api_base";

    private static final ProviderSpec SPEC = new ProviderSpec(
            "togetherai",
            List.of(),
            EnumSet.allOf(Task.class),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as a bearer token."),
                    SettingKey.optional(BASE, Kind.URL, "https://api.together.ai/v1", "Where the API is.")));

    private static final RequestForm FORM = RequestForm.OPENAI
            .dropping(List.of("user", "encoding_format"))
            .renaming(Map.of("max_completion_tokens", "max_tokens"))
            .withoutStreamOptions()
            .messages(new MessageForm(false, false, Set.of()))
            .scaled("1", "1");

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public RequestForm form(Task task, Settings settings) {
        return FORM;
    }

    @Override
    public ParameterTable parameters(Task task, String model, Settings settings) {
        ParameterTable table = FORM.parameters(task);
        return task == Task.EMBEDDINGS
                ? table
                : table.with(Treatment.changed("stop", "a text goes as a list of it"), "stop")
                        .with(
                                Treatment.changed("logprobs", "true goes as the number of top_logprobs, or 1"),
                                "logprobs")
                        .with(Treatment.sentAs("logprobs"), "top_logprobs");
    }

    @Override
    public String url(Task task, Attempt attempt) {
        return attempt.settings().text(BASE).orElseThrow() + OpenAiWire.path(task);
    }

    @Override
    public Map<String, String> headers(Settings settings) {
        return CredentialHeader.bearer(settings.secret(KEY));
    }

    /** {@code stop} must be a list, and {@code logprobs} says how many. */
    @Override
    public void adjust(Query query, Body.Edit edit) {
        Body body = query.body();
        of(body, "stop", Body.Kind.STRING).ifPresent(stop -> edit.set("stop", "[" + body.raw(stop) + "]"));
        Optional<Member> asked = of(body, "logprobs", Body.Kind.BOOLEAN);
        Optional<Member> top = of(body, "top_logprobs", Body.Kind.NUMBER);
        edit.remove("top_logprobs");
        if (asked.map(body::raw).filter("false"::equals).isPresent()) {
            edit.remove("logprobs");
        } else if (asked.isPresent() || top.isPresent()) {
            edit.set("logprobs", top.map(body::raw).orElse("1"));
        }
    }

    private static Optional<Member> of(Body body, String name, Body.Kind kind) {
        return body.member(name).filter(member -> member.kind() == kind);
    }
}
