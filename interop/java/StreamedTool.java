import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;

/** A tool call that arrives in parts. */
final class StreamedTool {

    private StreamedTool() {}

    static void check() throws Exception {
        String prompt = Check.prompt("Weimar");

        Stream<ChatResponse> stream = Stream.chat(Server.streamingChat().build(), OpenAiShape.toolRequest(prompt));

        ChatResponse answer = stream.answer();
        String arguments = "{\"city\": \"" + prompt + "\"}";
        Check.equal(answer.finishReason(), FinishReason.TOOL_EXECUTION);
        Check.equal(answer.aiMessage().toolExecutionRequests().get(0).name(), "weather");
        Check.equal(answer.aiMessage().toolExecutionRequests().get(0).id(), "call_interop");
        Check.equal(answer.aiMessage().toolExecutionRequests().get(0).arguments(), arguments);
        Check.equal(stream.tools.size(), 1);
        Check.equal(stream.toolParts.size(), 2);
        Check.equal(String.join("", stream.toolParts), arguments);
    }
}
