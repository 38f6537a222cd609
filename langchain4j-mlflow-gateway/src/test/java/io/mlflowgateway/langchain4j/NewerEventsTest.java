package io.mlflowgateway.langchain4j;

import io.mlflowgateway.langchain4j.internal.ChatEvent;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class NewerEventsTest {

    @Test
    void a_stream_whose_events_cannot_be_made_fails_and_does_not_fall_silent() throws Exception {
        Constructor<?> unused = Object.class.getConstructor();
        Method throwing = Integer.class.getMethod("parseInt", String.class);
        NewerEvents kinds = new NewerEvents("chat", unused, throwing);

        Flux<Object> events = Flux.<ChatEvent>just(new ChatEvent.Raw("{}")).map(event -> event.as(kinds));

        StepVerifier.create(events).verifyErrorMessage("not the RawStreamingEvent of LangChain4j 1.20");
    }
}
