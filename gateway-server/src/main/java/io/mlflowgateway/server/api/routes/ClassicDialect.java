package io.mlflowgateway.server.api.routes;

import io.mlflowgateway.server.api.BodyCheck;
import io.mlflowgateway.server.api.Dialect;
import io.mlflowgateway.server.api.MessagesCheck;
import io.mlflowgateway.server.api.MlflowErrors;
import io.mlflowgateway.server.api.StreamOptions;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.TargetRoute;

/**
 * MLflow 2.5-2.8 (shapes and rules of the 2.8 server): {@code candidate_count} for {@code n}, {@code text} for
 * {@code input}, a temperature from 0 to 1 that is 0 when not given, answers in {@code candidates} and {@code metadata}.
 * A caller that asks for a stream gets OpenAI's chunks: this generation had none of its own.
 */
public final class ClassicDialect implements Dialect {
    private static final Errors ERRORS = new MlflowErrors();

    @Override
    public Errors errors() {
        return ERRORS;
    }

    @Override
    public Query read(TargetRoute route, Body body) {
        BodyCheck check = new BodyCheck(body);
        check.refuse("model", "The parameter 'model' is not permitted: the route's name chooses the model.");
        if (route.task() == Task.EMBEDDINGS) {
            readEmbeddings(check, body);
        } else {
            readPrompt(check, body, route.task());
        }
        check.dropNulls();
        check.finish();
        boolean streams = route.task() != Task.EMBEDDINGS && StreamOptions.streams(body);
        Body checked = check.edit().toBody();
        Body query = route.task() == Task.EMBEDDINGS ? checked : counted(checked);
        return new Query(route.task(), query, streams, StreamOptions.usageAsked(body), TemperatureRange.ZERO_TO_ONE);
    }

    /** {@code candidate_count} in OpenAI's word, as the check has mended it. */
    private static Body counted(Body checked) {
        return checked.member("candidate_count")
                .map(count -> checked.edit()
                        .remove("candidate_count")
                        .set("n", checked.raw(count))
                        .toBody())
                .orElse(checked);
    }

    private static void readEmbeddings(BodyCheck check, Body body) {
        check.textOrList("text", false);
        StreamOptions.drop(check.edit());
        body.member("text").ifPresent(text -> check.edit().remove("text").set("input", body.raw(text)));
    }

    private static void readPrompt(BodyCheck check, Body body, Task task) {
        check.refuse("n", "Invalid parameter 'n': this API names it 'candidate_count'.");
        if (task == Task.CHAT) {
            new MessagesCheck(check, body, MessagesCheck.Content.TEXT).run();
        } else {
            check.requiredText("prompt");
        }
        check.number("temperature", 0, 1);
        check.integer("candidate_count", 1, 5);
        check.integer("max_tokens", 1, Long.MAX_VALUE);
        check.texts("stop");
        check.bool("stream");
        if (check.given("temperature").isEmpty()) {
            check.edit().set("temperature", "0.0");
        }
    }

    @Override
    public byte[] write(TargetRoute route, String model, Reply.Whole reply) {
        return ClassicReply.write(route, model, reply.body());
    }
}
