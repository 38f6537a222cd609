package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Status;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import reactor.core.publisher.Mono;

/** A company's or a server's way to answer queries. Stateless: targets bring model and settings. */
public sealed interface Provider permits WireProvider, EchoProvider {
    /** Its name, tasks and configuration keys. */
    ProviderSpec spec();

    /** What becomes of the parameters of a task, at its models in general. */
    default ParameterTable parameters(Task task) {
        return ParameterTable.OPEN;
    }

    /**
     * What becomes of them at one target: equal to the general one unless the model or the settings decide. Asked for when a
     * configuration is put in force, never by a call.
     *
     * @param model the model's name at the provider; empty where the target names none
     */
    default ParameterTable parameters(Task task, String model, Settings settings) {
        return parameters(task);
    }

    /** What a task of it has been tried against. */
    default Status status(Task task) {
        return Status.FIXTURE;
    }

    /**
     * Asks once, on subscription.
     *
     * @return fails with a {@code Failure}; a streamed reply ends with one when the upstream's stream was not complete
     */
    Mono<Reply> ask(Query query, Attempt attempt, Sender sender, Deadline deadline);
}
