import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.Response;
import io.mlflowgateway.langchain4j.MlflowGatewayChatRequestParameters;
import java.util.List;

/** The routes API of MLflow 2.5 to 2.8: what it cannot do is refused or made up for as documented. */
final class ClassicShape {

    @Case
    void a_streamed_chat_comes_in_one_piece_with_its_usage() throws Exception {
        String prompt = Check.prompt("all at once");

        Stream<ChatResponse> stream = Stream.chat(Server.streamingChat().build(), AnyServer.request(prompt));

        AnyServer.usage(stream.answer().tokenUsage(), prompt);
        Check.equal(stream.pieces, List.of(Provider.echo(prompt)));
        Check.holds(!Provider.sent(prompt).path("stream").asBoolean(), "asked for no stream");
    }

    @Case
    void a_streamed_completion_comes_in_one_piece_with_its_usage() throws Exception {
        String prompt = Check.prompt("all at once");

        Stream<Response<String>> stream = Stream.language(Server.streamingLanguage().build(), prompt);

        AnyServer.usage(stream.answer().tokenUsage(), prompt);
        Check.equal(stream.pieces, List.of(Provider.echo(prompt)));
    }

    @Case
    void tools_are_refused_before_anything_is_sent() {
        String prompt = Check.prompt("tools");
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from(prompt))
                .toolSpecifications(ToolSpecification.builder().name("weather").build())
                .build();

        Check.raised(UnsupportedFeatureException.class, () -> Server.chat().build().chat(request));
        Check.raised(
                UnsupportedFeatureException.class,
                () -> Stream.chat(Server.streamingChat().build(), request).answer());

        Check.equal(Provider.seen(prompt).size(), 0);
    }

    @Case
    void pictures_are_refused_before_anything_is_sent() {
        String prompt = Check.prompt("picture");
        UserMessage message =
                UserMessage.from(ImageContent.from("iVBORw0KGgo=", "image/png"), TextContent.from(prompt));

        Check.raised(UnsupportedFeatureException.class, () -> Server.chat().build().chat(message));

        Check.equal(Provider.seen(prompt).size(), 0);
    }

    @Case
    void texts_of_one_message_are_joined() {
        String prompt = Check.prompt("second");

        Server.chat().build().chat(UserMessage.from(TextContent.from("first"), TextContent.from(prompt)));

        Check.equal(
                Provider.sent(prompt).path("messages").path(0).path("content").asText(), "first\n" + prompt);
    }

    @Case
    void several_answers_are_asked_for_as_candidates() {
        String prompt = Check.prompt("twice");

        ChatResponse answer = Server.chat()
                .build()
                .chat(ChatRequest.builder()
                        .messages(UserMessage.from(prompt))
                        .parameters(MlflowGatewayChatRequestParameters.builder().n(2).build())
                        .build());

        Check.equal(answer.aiMessage().text(), Provider.echo(prompt));
        Check.equal(Provider.sent(prompt).path("n").asInt(), 2);
    }
}
