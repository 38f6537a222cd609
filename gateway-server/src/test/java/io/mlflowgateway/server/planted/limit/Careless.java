package io.mlflowgateway.server.planted.limit;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.mlflowgateway.server.secret.Secret;
import java.io.IOException;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Open to subclasses, with state that outlives every instance. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
class Careless {
    static int calls;

    boolean waits() {
        return Mono.just("x").blockOptional().isPresent();
    }

    Disposable subscribes() {
        return Mono.just("x").subscribe();
    }

    void sleeps() throws InterruptedException {
        Thread.sleep(1);
    }

    String reveals(Secret secret) {
        return secret.reveal();
    }

    Process starts() throws IOException {
        return new ProcessBuilder("true").start();
    }
}
