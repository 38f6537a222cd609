package io.mlflowgateway.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.mlflowgateway.langchain4j.internal.ChatAnswer;
import io.mlflowgateway.langchain4j.internal.ChatEvent;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;

/**
 * Says what came over the wire in the events of LangChain4j 1.20, two of which 1.19 does not have: those are found by name
 * (docs/adr/0012-two-generations-of-langchain4j.md).
 */
final class NewerEvents implements ChatEvent.Kinds<Object> {

    private static final String RESPONSES = "dev.langchain4j.model.chat.response.";

    private final String route;
    private final Constructor<?> complete;
    private final Method raw;

    NewerEvents(String route, Constructor<?> complete, Method raw) {
        this.route = route;
        this.complete = complete;
        this.raw = raw;
    }

    /** Fails with {@link UnsupportedFeatureException} on LangChain4j 1.19. */
    static NewerEvents of(String route) {
        try {
            ClassLoader loader = ChatResponse.class.getClassLoader();
            return new NewerEvents(
                    route,
                    Class.forName(RESPONSES + "CompleteResponse", true, loader).getConstructor(ChatResponse.class),
                    Class.forName(RESPONSES + "RawStreamingEvent", true, loader).getMethod("of", Object.class));
        } catch (ReflectiveOperationException older) {
            throw new UnsupportedFeatureException(
                    "Publishers of LangChain4j's own streaming events need langchain4j-core"
                            + " 1.20 or newer; chatFlux works on any");
        }
    }

    @Override
    public Object text(String text) {
        return new PartialResponse(text);
    }

    @Override
    public Object thinking(String text) {
        return new PartialThinking(text);
    }

    @Override
    public Object part(PartialToolCall part) {
        return part;
    }

    @Override
    public Object call(CompleteToolCall call) {
        return call;
    }

    @Override
    public Object raw(String json) {
        try {
            return raw.invoke(null, json);
        } catch (ReflectiveOperationException changed) {
            throw notAsExpected("RawStreamingEvent", changed);
        }
    }

    @Override
    public Object complete(ChatAnswer answer) {
        try {
            return complete.newInstance(Answers.chat(answer, route));
        } catch (ReflectiveOperationException changed) {
            throw notAsExpected("CompleteResponse", changed);
        }
    }

    /** No {@link LinkageError}: Reactor takes that for the end of the process, and the subscriber would hear nothing. */
    private static IllegalStateException notAsExpected(String type, ReflectiveOperationException cause) {
        return new IllegalStateException("not the " + type + " of LangChain4j 1.20", cause);
    }
}
