import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayInternalServerException;

/** MLflow 2.22 itself: what its server drops or breaks. */
final class Mlflow222 {

    @Case
    void a_stream_does_not_tell_its_usage() throws Exception {
        String prompt = Check.prompt("usage");

        ChatResponse answer =
                Stream.chat(Server.streamingChat().build(), AnyServer.request(prompt)).answer();

        Check.holds(
                Provider.sent(prompt).path("stream_options").path("include_usage").asBoolean(), "usage was asked for");
        Check.equal(answer.tokenUsage(), null);
    }

    @Case
    void a_tool_call_it_drops_from_a_stream_is_not_taken_for_an_empty_answer() {
        Stream<ChatResponse> stream =
                Stream.chat(Server.streamingChat().build(), OpenAiShape.toolRequest(Check.prompt("Weimar")));

        UnsupportedFeatureException failure = Check.raised(UnsupportedFeatureException.class, stream::answer);

        Check.holds(failure.getMessage().contains("tool"), failure);
    }

    @Case
    void a_stream_the_provider_refuses_is_a_broken_stream() {
        // Its answer is 200 without an event: why is not told.
        Check.raised(
                GatewayConnectionException.class,
                () -> Stream.chat(Server.streamingChat().build(), AnyServer.request(Check.prompt("[[fail:429]]")))
                        .answer());
    }

    @Case
    void a_provider_that_completes_with_text_is_one_it_cannot_read() {
        Check.raised(
                GatewayInternalServerException.class,
                () -> Server.language().route("text-completions").build().generate(Check.prompt("Once")));
    }
}
