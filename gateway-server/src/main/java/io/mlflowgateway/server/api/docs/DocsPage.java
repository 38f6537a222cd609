package io.mlflowgateway.server.api.docs;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.ui.Document;
import io.mlflowgateway.server.ui.StaticFiles;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What is served for people who look at the gateway with a browser. */
public final class DocsPage {
    /** The document of one table, made when it is first asked for, and once however many ask. */
    private record Made(RouteTable table, Mono<Document> document) {}

    private final Routes routes;
    private final String version;
    private final AtomicReference<Made> made;

    private DocsPage(Routes routes, String version) {
        this.routes = routes;
        this.version = version;
        this.made = new AtomicReference<>(toMake(routes.current()));
    }

    /**
     * Who answers {@code GET} of which path: {@code /}, {@code /docs}, the files below it, and {@code /openapi.json}.
     * Nothing is made or read before it is asked for.
     *
     * @param version of the gateway, for people
     */
    public static Map<String, Endpoint> endpoints(Routes routes, String version) {
        DocsPage page = new DocsPage(routes, version);
        Map<String, Endpoint> endpoints = new HashMap<>(StaticFiles.docsPage());
        endpoints.put("/openapi.json", page::document);
        return Map.copyOf(endpoints);
    }

    private Mono<Answer> document(Head head, byte[] body) {
        return current().flatMap(document -> document.answer(head, body));
    }

    private Mono<Document> current() {
        RouteTable table = routes.current();
        return made.updateAndGet(last -> last.table() == table ? last : toMake(table))
                .document();
    }

    /** Thousands of routes take longer to write down than an event loop may be away. */
    private Made toMake(RouteTable table) {
        return new Made(
                table,
                Mono.fromSupplier(() -> make(table))
                        .subscribeOn(Schedulers.boundedElastic())
                        .cache());
    }

    private Document make(RouteTable table) {
        return Document.of("application/json", new OpenApiDocument(version).of(table), Map.of());
    }
}
