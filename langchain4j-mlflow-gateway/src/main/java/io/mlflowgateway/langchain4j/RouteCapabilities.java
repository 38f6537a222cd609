package io.mlflowgateway.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.Capability;
import io.mlflowgateway.langchain4j.internal.Blocking;
import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import io.mlflowgateway.langchain4j.internal.Listing;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What the model behind a route can do: what the user said, or else what the route's description says in {@code
 * capabilities}, where {@code json_schema} stands for {@link Capability#RESPONSE_FORMAT_JSON_SCHEMA}. The description is
 * asked for when somebody wants to know, once for a model; where it cannot be had, nothing is claimed, and the next one to
 * want it after five seconds has it asked for again.
 */
final class RouteCapabilities implements Supplier<Set<Capability>> {

    private static final Logger LOG = LoggerFactory.getLogger(RouteCapabilities.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    /** What Reactor takes as "never expires". */
    private static final Duration FOR_GOOD = Duration.ofMillis(Long.MAX_VALUE);

    private final Mono<Optional<Set<Capability>>> known;

    private RouteCapabilities(Mono<Optional<Set<Capability>>> known) {
        this.known = known;
    }

    /** As the user said. */
    static RouteCapabilities of(Set<Capability> said) {
        return new RouteCapabilities(Mono.just(Optional.of(said)));
    }

    /** As the route's description says; nothing without a route. */
    static RouteCapabilities describedBy(GatewayConnection connection, Optional<String> route) {
        return route.map(name -> asked(RouteDescription.listing(connection), name))
                .orElseGet(() -> of(Set.of()));
    }

    private static RouteCapabilities asked(Listing routes, String route) {
        return new RouteCapabilities(Mono.defer(() -> routes.one(route))
                .map(description -> Optional.of(read(description)))
                .timeout(LONGEST_WAIT)
                .onErrorResume(Exception.class, failure -> unknown(route, failure))
                .cache(answer -> answer.isPresent() ? FOR_GOOD : AGAIN, failure -> Duration.ZERO, () -> Duration.ZERO));
    }

    private static Mono<Optional<Set<Capability>>> unknown(String route, Exception failure) {
        LOG.warn(
                "What route '{}' can do is not known: its description cannot be had ({}); say supportedCapabilities if you know",
                route,
                failure.toString());
        return Mono.just(Optional.empty());
    }

    private static Set<Capability> read(JsonNode description) {
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        for (JsonNode word : description.path("capabilities")) {
            if (word.asText().equals("json_schema")) {
                capabilities.add(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
            }
        }
        return Set.copyOf(capabilities);
    }

    /** Waits at most two seconds, the first time. */
    @Override
    public Set<Capability> get() {
        return Blocking.await(known).orElseGet(Set::of);
    }
}
