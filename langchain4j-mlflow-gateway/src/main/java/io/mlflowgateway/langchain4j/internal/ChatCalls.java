package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls chat routes: whole or streamed, in whichever shape the server speaks. */
public final class ChatCalls {

    private final GatewayConnection connection;
    private final ChatReader reader;
    private final ChunkReader<ChatEvent> chunks;

    /**
     * Calls through a connection.
     *
     * @param connection to the gateway
     * @param options of the model
     */
    public ChatCalls(GatewayConnection connection, ChatOptions options) {
        this.connection = connection;
        this.reader = new ChatReader(options);
        this.chunks = new ChunkReader<>(head -> new ChatChunks(options, head));
    }

    /**
     * Asks for a whole answer.
     *
     * @param call which route
     * @param body what is asked
     * @return the answer
     */
    public Mono<ChatAnswer> whole(RouteCall call, ChatBody body) {
        return connection.post(call, body.whole()).map(reader::read);
    }

    /**
     * Asks for an answer in pieces. A server of the classic shape cannot stream: its whole answer comes as one piece.
     *
     * @param call which route
     * @param body what is asked
     * @return the pieces, the last of which is {@link ChatEvent.Complete}
     */
    public Flux<ChatEvent> streamed(RouteCall call, ChatBody body) {
        return connection.inShape(
                call,
                (shape, begun) -> shape == WireShape.CLASSIC
                        ? whole(begun, body).flatMapIterable(ChatCalls::pieces)
                        : connection.stream(shape, begun, body.streamed(), chunks));
    }

    private static List<ChatEvent> pieces(ChatAnswer answer) {
        List<ChatEvent> pieces = new ArrayList<>();
        String thinking = answer.message().thinking();
        if (thinking != null && !thinking.isEmpty()) {
            pieces.add(new ChatEvent.Thinking(thinking));
        }
        String text = answer.message().text();
        if (text != null && !text.isEmpty()) {
            pieces.add(new ChatEvent.Text(text));
        }
        List<ToolExecutionRequest> calls = answer.message().toolExecutionRequests();
        for (int index = 0; index < calls.size(); index++) {
            pieces.add(new ChatEvent.ToolCall(index, calls.get(index)));
        }
        pieces.add(new ChatEvent.Complete(answer));
        return pieces;
    }
}
