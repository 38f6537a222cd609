package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Reply;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** The end of the way: chooses a target and asks it once. Entered once for each attempt, when it begins. */
@FunctionalInterface
public interface CallTarget {
    Mono<Reply> answer(Call call);

    /** How notes name it; empty for one that chooses among others. */
    default Optional<Notes.Target> noted() {
        return Optional.empty();
    }

    /** What is remembered of the targets it chooses among, by their names; empty where nobody watches them. */
    default Map<String, TargetHealth> watched() {
        return Map.of();
    }

    /** How many attempts came on top of the first one of each call, by reason; empty where none ever does. */
    default Map<String, Long> extraAttempts() {
        return Map.of();
    }

    /** What its calls go out by. */
    default Set<Sender> senders() {
        return Set.of();
    }
}
