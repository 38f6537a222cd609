package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import java.io.PrintStream;

/** An answer as a record, made to follow its schema by the provider. */
public final class StructuredAnswer {
    private StructuredAnswer() {}

    // tag::structured[]
    record Book(String title, String author, int year) {}

    interface Librarian {
        Book find(String description);
    }

    static Librarian librarian(String gateway) {
        ChatModel model = MlflowGatewayChatModel.builder()
                .baseUrl(gateway)
                .route("chat")
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .strictJsonSchema(true)
                .build();
        return AiServices.create(Librarian.class, model);
    }
    // end::structured[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return the title of what was found; the route's model must know JSON schemas, which {@code echo} does not */
    public static String run(String gateway, PrintStream out) {
        Book book = librarian(gateway).find("A scholar makes a pact with the devil");
        out.println(book);
        return book.title();
    }
}
