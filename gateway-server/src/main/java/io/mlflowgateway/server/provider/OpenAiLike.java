package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.Map;
import reactor.core.publisher.Flux;

/**
 * A provider whose wire is nearly OpenAI's. It says how it wants requests; its answers are mended where they are not in
 * OpenAI's form.
 */
interface OpenAiLike extends WireProvider {
    /** How a query is wanted. */
    RequestForm form(Task task, Settings settings);

    /** What becomes of parameters as the form says, and what {@link #adjust} changes beyond it. */
    @Override
    default ParameterTable parameters(Task task, String model, Settings settings) {
        return form(task, settings).parameters(task);
    }

    @Override
    default ParameterTable parameters(Task task) {
        return parameters(task, "", Settings.NONE);
    }

    /** Where a query of the task is asked. */
    String url(Task task, Attempt attempt);

    /** The headers of a request, credential included. */
    Map<String, String> headers(Settings settings);

    /** What is changed beyond the form. */
    default void adjust(Query query, Body.Edit edit) {}

    @Override
    default UpstreamRequest encode(Query query, Attempt attempt) {
        Settings settings = attempt.settings();
        Body.Edit edit = OpenAiWire.edit(query, attempt.model(), form(query.task(), settings));
        adjust(query, edit);
        Payload body = edit.toPayload();
        return new UpstreamRequest(url(query.task(), attempt), headers(settings), body, query.streams());
    }

    @Override
    default Reply.Whole decode(Query query, Attempt attempt, UpstreamResponse.Whole response) {
        Task task = query.task();
        if (task == Task.EMBEDDINGS) {
            byte[] answer = EmbeddingsMending.mended(response.body(), query.body(), attempt);
            return OpenAiWire.decode(answer, task, attempt.settings());
        }
        OpenAiMending mending = OpenAiMending.ofWhole(task, attempt);
        Reply.Whole reply = OpenAiWire.decode(mending.mended(response.body()), task, attempt.settings());
        return new Reply.Whole(reply.body(), reply.usage(), mending.endsUnknown());
    }

    @Override
    default Flux<Piece> decodeStream(Query query, Attempt attempt, Flux<SseEvent> events) {
        return OpenAiStream.readMended(events, query.task(), attempt, OpenAiWire.choicesAsked(query.body()));
    }

    @Override
    default Failure failure(Attempt attempt, UpstreamResponse.Whole response) {
        return Refusals.of(response, attempt.settings());
    }
}
