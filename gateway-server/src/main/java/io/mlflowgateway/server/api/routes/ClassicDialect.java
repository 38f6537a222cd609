package io.mlflowgateway.server.api.routes;

import io.mlflowgateway.server.api.BodyCheck;
import io.mlflowgateway.server.api.Dialect;
import io.mlflowgateway.server.api.MessagesCheck;
import io.mlflowgateway.server.api.MlflowErrors;
import io.mlflowgateway.server.api.StreamOptions;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Failure;
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
        refuse(body, "model", "The parameter 'model' is not permitted: the route's name chooses the model.");
        BodyCheck check = new BodyCheck(body);
        if (route.task() == Task.EMBEDDINGS) {
            readEmbeddings(check, body);
        } else {
            readPrompt(check, body, route.task());
        }
        for (Member member : body.members()) {
            if (member.kind() == Kind.NULL) {
                check.edit().remove(member.name());
            }
        }
        check.finish();
        boolean streams = route.task() != Task.EMBEDDINGS && StreamOptions.streams(body);
        Body query = check.edit().toBody();
        return new Query(route.task(), query, streams, StreamOptions.usageAsked(body), TemperatureRange.ZERO_TO_ONE);
    }

    private static void refuse(Body body, String name, String message) {
        if (body.has(name)) {
            throw Failure.of(Failure.Kind.UNPROCESSABLE, message);
        }
    }

    private static void readEmbeddings(BodyCheck check, Body body) {
        check.required("text").ifPresent(text -> {
            if (text.kind() == Kind.STRING || text.kind() == Kind.ARRAY) {
                check.edit().remove("text").set("input", body.raw(text));
            } else {
                check.add("string_type", "Input should be a valid string", body.raw(text), "", "text");
            }
        });
        if (check.given("text").filter(text -> text.kind() == Kind.ARRAY).isPresent()) {
            check.texts("text");
        }
    }

    private static void readPrompt(BodyCheck check, Body body, Task task) {
        refuse(body, "n", "Invalid parameter 'n': this API names it 'candidate_count'.");
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
        check.given("candidate_count").ifPresent(count -> {
            check.edit().remove("candidate_count");
            check.edit().set("n", body.raw(count).replace("\"", ""));
        });
        if (check.given("temperature").isEmpty()) {
            check.edit().set("temperature", "0.0");
        }
    }

    @Override
    public byte[] write(TargetRoute route, Reply.Whole reply) {
        return ClassicReply.write(route, reply.body());
    }
}
