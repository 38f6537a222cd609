package io.mlflowgateway.server.api.deployments;

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
 * MLflow 2.9 and later: OpenAI's shapes, checked by MLflow's rules (those of the 2.22 and 3.17 servers). A good body goes
 * on as the caller's own bytes, less its nulls; a reply as the provider's own bytes.
 */
public final class DeploymentsDialect implements Dialect {
    private static final long NO_UPPER_BOUND = Long.MAX_VALUE;
    private static final Errors ERRORS = new MlflowErrors();

    @Override
    public Errors errors() {
        return ERRORS;
    }

    @Override
    public Query read(TargetRoute route, Body body) {
        BodyCheck check = new BodyCheck(body);
        check.refuse(
                "model", "The parameter 'model' is not permitted: the endpoint's name in the path chooses the model.");
        switch (route.task()) {
            case CHAT -> new MessagesCheck(check, body, MessagesCheck.Content.ANYTHING_OPENAI_TAKES).run();
            case COMPLETIONS -> check.requiredText("prompt");
            case EMBEDDINGS -> check.textOrList("input", true);
        }
        if (route.task() == Task.EMBEDDINGS) {
            StreamOptions.drop(check.edit());
        } else {
            checkParameters(check);
        }
        check.dropNulls();
        check.finish();
        Body query = check.edit().toBody();
        boolean streams = route.task() != Task.EMBEDDINGS && StreamOptions.streams(body);
        return new Query(route.task(), query, streams, StreamOptions.usageAsked(body), TemperatureRange.ZERO_TO_TWO);
    }

    private static void checkParameters(BodyCheck check) {
        check.number("temperature", 0, 2);
        check.number("top_p", 0, 1);
        check.number("presence_penalty", -2, 2);
        check.number("frequency_penalty", -2, 2);
        check.integer("n", 1, NO_UPPER_BOUND);
        check.integer("max_tokens", 1, NO_UPPER_BOUND);
        check.integer("max_completion_tokens", 1, NO_UPPER_BOUND);
        check.integer("top_k", 1, NO_UPPER_BOUND);
        check.texts("stop");
        check.bool("stream");
    }

    @Override
    public byte[] write(TargetRoute route, String model, Reply.Whole reply) {
        return reply.body().bytes();
    }
}
