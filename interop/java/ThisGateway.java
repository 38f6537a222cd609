import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.Response;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What this project's gateway does beyond MLflow's. */
final class ThisGateway {

    @Case
    void streams_tell_their_usage() throws Exception {
        String prompt = Check.prompt("usage");

        ChatResponse chat =
                Stream.chat(Server.streamingChat().build(), AnyServer.request(prompt)).answer();
        Response<String> completion =
                Stream.language(Server.streamingLanguage().build(), prompt).answer();

        AnyServer.usage(chat.tokenUsage(), prompt);
        AnyServer.usage(completion.tokenUsage(), prompt);
    }

    @Case
    void a_tool_call_can_be_streamed() throws Exception {
        StreamedTool.check();
    }

    @Case
    void a_stream_the_provider_refuses_is_a_rate_limit_that_tells_its_pause_and_source() {
        GatewayRateLimitException failure = Check.raised(
                GatewayRateLimitException.class,
                () -> Stream.chat(Server.streamingChat().build(), AnyServer.request(Check.prompt("[[fail:429]]")))
                        .answer());

        Check.equal(failure.details().retryAfter(), Optional.of(Duration.ofSeconds(1)));
        Check.equal(failure.details().source(), Optional.of("upstream"));
        Check.holds(failure.details().requestId().isPresent(), failure.details());
    }

    @Case
    void the_pause_a_provider_asks_for_is_kept() {
        String prompt = Check.prompt("[[fail-once:429]]");
        long start = System.nanoTime();

        Check.equal(Server.chat().maxRetries(1).build().chat(prompt), Provider.echo(prompt));

        Check.holds(Duration.ofNanos(System.nanoTime() - start).toMillis() >= 1_000, "too soon");
        Check.equal(Provider.seen(prompt).size(), 2);
    }

    @Case
    void embeddings_may_travel_as_base64() {
        String text = Check.prompt("text");

        float[] vector = Server.embedding()
                .customParameters(Map.of("encoding_format", "base64"))
                .build()
                .embed(text)
                .content()
                .vector();

        Check.equal(vector, Provider.vector(text));
        Check.equal(Provider.sent(text).path("encoding_format").asText(), "base64");
    }
}
