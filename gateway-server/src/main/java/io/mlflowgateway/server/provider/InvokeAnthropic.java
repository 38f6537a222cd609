package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ChatReader;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.util.List;
import java.util.regex.Pattern;

/** Anthropic's models: the bodies of its own API, that of Messages or the one before it, with a version in them. */
final class InvokeAnthropic implements InvokeForm {
    private static final String VERSION = "bedrock-2023-05-31";

    /** The API whose bodies are written: what is sent in place of it is {@link #VERSION}. */
    private static final String API = "2023-06-01";

    private static final Pattern OLD = Pattern.compile("claude-(?:instant|v[12])");

    @Override
    public ParameterTable parameters(String model) {
        return isOld(model)
                ? AnthropicParameters.COMPLETE
                : AnthropicParameters.of(model, AnthropicModels.takesSampling(model));
    }

    @Override
    public ObjectNode body(Query query, Attempt attempt) {
        ObjectNode body = isOld(attempt.model())
                ? AnthropicCompletion.body(query, attempt.model())
                : new AnthropicRequest(ChatReader.read(CompletionsOverChat.chat(query)), attempt.model(), API)
                        .body(false);
        body.remove(List.of("model", "stream"));
        return body.put("anthropic_version", VERSION);
    }

    private static boolean isOld(String model) {
        return OLD.matcher(model).find();
    }

    @Override
    public Reply.Whole reply(UpstreamResponse.Whole response, Attempt attempt) {
        if (!isOld(attempt.model())) {
            return CompletionsOverChat.asCompletion(AnthropicAnswer.read(response.body(), attempt));
        }
        Reply.Whole told = AnthropicCompletion.reply(response.body(), attempt);
        Usage counted = InvokeForm.counted(response);
        return counted.equals(Usage.UNKNOWN) ? told : told.counting(counted);
    }

    @Override
    public ChunkReader reader(Attempt attempt) {
        return isOld(attempt.model())
                ? new AnthropicCompletionStream(attempt)
                : new AsCompletion(new AnthropicStream(attempt));
    }

    /** The chunks of a chat as those of a completion. */
    private record AsCompletion(ChunkReader chat) implements ChunkReader {
        @Override
        public List<Piece> read(SseEvent event) {
            return completions(chat.read(event));
        }

        @Override
        public boolean isOver() {
            return chat.isOver();
        }

        @Override
        public List<Piece> end() {
            return completions(chat.end());
        }

        private static List<Piece> completions(List<Piece> pieces) {
            return pieces.stream().map(CompletionsOverChat::asCompletion).toList();
        }
    }
}
