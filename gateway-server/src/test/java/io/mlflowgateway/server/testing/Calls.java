package io.mlflowgateway.server.testing;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Principal;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Ready-made calls for tests of stages. */
public final class Calls {
    public static final Reply ANSWER = new Reply.Whole(body("{\"choices\":[]}"), Usage.UNKNOWN);

    private Calls() {}

    /** A chat call of this route. */
    public static Call of(Route route) {
        Query query = new Query(Task.CHAT, body("{\"messages\":[]}"), false, false, Query.TemperatureRange.ZERO_TO_TWO);
        Notes notes = notes();
        return new Call("id", Principal.ANYONE, route, query, notes.deadline(), notes);
    }

    /** Of an exchange that has just begun. */
    public static Notes notes() {
        return new Notes("id", "POST", "/endpoints/chat/invocations", Duration.ofSeconds(5));
    }

    public static Body body(String json) {
        try {
            return BodyScanner.scan(json.getBytes(StandardCharsets.UTF_8));
        } catch (BodyScanner.Malformed e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** A route that always gives {@link #ANSWER}. */
    public static Route route(String name, Optional<CallLimit> limit) {
        return route(name, limit, Mono.just(ANSWER));
    }

    public static Route route(String name, Optional<CallLimit> limit, Mono<Reply> answer) {
        return new Route() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Task task() {
                return Task.CHAT;
            }

            @Override
            public Optional<CallLimit> limit() {
                return limit;
            }

            @Override
            public Optional<Duration> total() {
                return Optional.empty();
            }

            @Override
            public Mono<Reply> answer(Call call) {
                return answer;
            }
        };
    }
}
