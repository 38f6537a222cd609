package io.mlflowgateway.server.ui;

import io.mlflowgateway.server.http.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The files of the docs page: a fixed table, so that no path of a caller is ever looked up in the class path. */
public final class StaticFiles {
    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.34.1/";

    /** Swagger UI sets inline styles and draws icons as data images; scripts and calls stay on this host. */
    private static final Map<String, String> PAGE_HEADERS = Map.of(
            "content-security-policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none';"
                    + " base-uri 'none'; form-action 'none'",
            "referrer-policy",
            "no-referrer");

    private StaticFiles() {}

    /** The page and what it loads, by path. Each is read when first asked for, off the event loop, and kept. */
    public static Map<String, Endpoint> docsPage() {
        Endpoint page = file("text/html; charset=utf-8", "/ui/index.html", PAGE_HEADERS);
        return Map.of(
                "/",
                page,
                "/docs",
                page,
                "/docs/docs.js",
                file("text/javascript; charset=utf-8", "/ui/docs.js", Map.of()),
                "/docs/swagger-ui.css",
                file("text/css; charset=utf-8", SWAGGER_UI + "swagger-ui.css", Map.of()),
                "/docs/swagger-ui-bundle.js",
                file("text/javascript; charset=utf-8", SWAGGER_UI + "swagger-ui-bundle.js", Map.of()));
    }

    private static Endpoint file(String contentType, String resource, Map<String, String> headers) {
        Mono<Document> document = Mono.fromSupplier(() -> Document.of(contentType, bytes(resource), headers))
                .subscribeOn(Schedulers.boundedElastic())
                .cache();
        return (head, body) -> document.flatMap(read -> read.answer(head, body));
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read: " + resource, e);
        }
    }
}
