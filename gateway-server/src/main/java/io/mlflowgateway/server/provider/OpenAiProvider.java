package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;

/**
 * OpenAI and every server that speaks its API. The caller's body goes on as it is but for the model's name, the scaled
 * temperature, and for streams {@code stream} and the request for a usage chunk; answers come back byte for byte.
 */
public final class OpenAiProvider implements WireProvider {
    static final String KEY = "openai_api_key";
    static final String BASE = "openai_api_base";
    static final String TYPE = "openai_api_type";
    static final String VERSION = "openai_api_version";
    static final String ORGANIZATION = "openai_organization";

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private static final ProviderSpec SPEC = new ProviderSpec(
            "openai",
            List.of(),
            EnumSet.allOf(Task.class),
            true,
            List.of(
                    SettingKey.required(KEY, Kind.SECRET, "Credential, sent as a bearer token."),
                    SettingKey.optional(
                            BASE,
                            Kind.URL,
                            "https://api.openai.com/v1",
                            "Where the API is; any OpenAI-compatible server."),
                    SettingKey.choice(TYPE, List.of("openai"), "Whose form of the API it is."),
                    SettingKey.optional(
                            VERSION, Kind.TEXT, "", "Sent as the api-version query parameter when it is set."),
                    SettingKey.optional(ORGANIZATION, Kind.TEXT, "", "Sent as the OpenAI-Organization header.")));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public UpstreamRequest encode(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        Body.Edit edit = query.body().edit();
        if (attempt.model().isEmpty()) {
            edit.remove("model");
        } else {
            edit.set("model", Json.quoted(attempt.model()));
        }
        scaleTemperature(query, edit);
        if (query.streams()) {
            edit.set("stream", "true");
            askForUsage(query.body(), edit);
        }
        return new UpstreamRequest(url(query.task(), settings), headers(settings), edit.toPayload(), query.streams());
    }

    /** The public range of 2.5-2.8 was 0..1, OpenAI's is 0..2. */
    private static void scaleTemperature(Query query, Body.Edit edit) {
        Optional<Member> temperature = query.body().member("temperature");
        if (query.temperatureRange() == TemperatureRange.ZERO_TO_ONE
                && temperature.isPresent()
                && temperature.get().kind() == Body.Kind.NUMBER) {
            edit.set("temperature", doubled(query.body().raw(temperature.get())));
        }
    }

    private static String doubled(String number) {
        try {
            return new BigDecimal(number).multiply(TWO).toString();
        } catch (ArithmeticException | NumberFormatException e) {
            throw Failure.of(Failure.Kind.INVALID_REQUEST, "temperature is out of range");
        }
    }

    private static void askForUsage(Body body, Body.Edit edit) {
        Optional<Member> given = body.member("stream_options");
        if (given.isEmpty() || given.get().kind() == Body.Kind.NULL) {
            edit.set("stream_options", "{\"include_usage\":true}");
        } else if (given.get().kind() == Body.Kind.OBJECT) {
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

    private static String url(Task task, Settings settings) {
        String path = switch (task) {
            case CHAT -> "/chat/completions";
            case COMPLETIONS -> "/completions";
            case EMBEDDINGS -> "/embeddings";
        };
        String version = settings.text(VERSION).orElse("");
        return settings.text(BASE).orElseThrow() + path + (version.isEmpty() ? "" : "?api-version=" + version);
    }

    private static Map<String, String> headers(Settings settings) {
        String credential = "Bearer " + settings.secret(KEY).orElseThrow().reveal();
        String organization = settings.text(ORGANIZATION).orElse("");
        return organization.isEmpty()
                ? Map.of("Authorization", credential)
                : Map.of("Authorization", credential, "OpenAI-Organization", organization);
    }

    @Override
    public Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        Body body = OpenAiAnswer.scan(response.body(), query.task(), attempt.settings());
        if (query.task() == Task.COMPLETIONS) {
            body = withText(body, attempt.settings());
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
        Optional<Member> usage = body.member("usage").filter(member -> member.kind() == Body.Kind.OBJECT);
        return usage.isEmpty() ? Usage.UNKNOWN : TokenCounts.of(body, usage.get());
    }

    @Override
    public Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        return OpenAiStream.read(events, query.task(), attempt.settings(), choicesAsked(query.body()));
    }

    private static int choicesAsked(Body body) {
        Optional<Member> n = body.member("n").filter(member -> member.kind() == Body.Kind.NUMBER);
        try {
            return n.isEmpty() ? 1 : Math.max(1, Integer.parseInt(body.raw(n.get())));
        } catch (NumberFormatException e) {
            // The provider will say what it thinks of that.
            return 1;
        }
    }

    @Override
    public Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return Refusals.of(response, attempt.settings());
    }
}
