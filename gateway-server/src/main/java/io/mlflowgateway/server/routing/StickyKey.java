package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.Routing;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Call;
import java.util.Optional;

/** What a caller gives with calls that belong together. */
@FunctionalInterface
interface StickyKey {
    /** Empty where the call has none. Not to be shown: may be a person's name. */
    Optional<String> of(Call call);

    /** As the configuration says it. */
    static StickyKey of(Routing.StickyKey configured) {
        return switch (configured.place()) {
            case HEADER -> Call::stickyHeader;
            case BODY -> ofBody(configured.name());
        };
    }

    /** The text of a member of the request, as it stands in the JSON. */
    static StickyKey ofBody(String member) {
        return call -> call.query()
                .body()
                .member(member)
                .filter(found -> found.kind() == Body.Kind.STRING)
                .map(call.query().body()::raw);
    }
}
