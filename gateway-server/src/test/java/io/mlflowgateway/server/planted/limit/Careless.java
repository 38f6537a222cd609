package io.mlflowgateway.server.planted.limit;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlflowgateway.server.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
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

    boolean looksAtTheWallClock(long endMillis) {
        return System.currentTimeMillis() > endMillis;
    }

    String reveals(Secret secret) {
        return secret.reveal();
    }

    Process starts() throws IOException {
        return new ProcessBuilder("true").start();
    }

    void startsByTheRuntime() throws IOException {
        Runtime.getRuntime().exec(new String[] {"true"});
    }

    ObjectMapper believes(ObjectMapper mapper) {
        return mapper.activateDefaultTyping(mapper.getPolymorphicTypeValidator());
    }

    Object makes(InputStream in) throws IOException, ClassNotFoundException {
        return new ObjectInputStream(in).readObject();
    }
}
