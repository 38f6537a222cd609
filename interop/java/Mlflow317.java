import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.mlflowgateway.langchain4j.MlflowGatewayClient;
import io.mlflowgateway.langchain4j.Page;
import io.mlflowgateway.langchain4j.Route;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;

/** MLflow 3.17 itself. */
final class Mlflow317 {

    @Case
    void a_stream_tells_its_usage() throws Exception {
        String prompt = Check.prompt("usage");

        ChatResponse answer =
                Stream.chat(Server.streamingChat().build(), AnyServer.request(prompt)).answer();

        AnyServer.usage(answer.tokenUsage(), prompt);
    }

    @Case
    void a_tool_call_can_be_streamed() throws Exception {
        StreamedTool.check();
    }

    @Case
    void a_stream_the_provider_refuses_is_a_broken_stream() {
        Check.raised(
                GatewayConnectionException.class,
                () -> Stream.chat(Server.streamingChat().build(), AnyServer.request(Check.prompt("[[fail:429]]")))
                        .answer());
    }

    @Case
    void a_provider_that_completes_with_text_is_read_whole_but_not_streamed() {
        String prompt = Check.prompt("Once");

        Check.equal(
                Server.language().route("text-completions").build().generate(prompt).content(), Provider.echo(prompt));
        Check.raised(
                LangChain4jException.class,
                () -> Stream.language(
                                Server.streamingLanguage().route("text-completions").build(), Check.prompt("Once"))
                        .answer());
    }

    @Case
    void a_list_longer_than_a_page_is_read_to_its_end() {
        try (MlflowGatewayClient client = Server.client()) {
            Page<Route> first = client.searchRoutes(null);

            Check.equal(first.items().size(), 3_000);
            Check.holds(first.nextPageToken().isPresent(), "more to come");
            Check.equal(client.searchRoutes().size(), 3_009);
            Check.equal(client.listEndpoints().size(), 3_009);
            Check.equal(Server.catalog().listModels().get(3_008).name(), "more-3004");
        }
    }
}
