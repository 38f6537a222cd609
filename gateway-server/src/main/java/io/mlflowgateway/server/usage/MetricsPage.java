package io.mlflowgateway.server.usage;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The metrics as Prometheus reads them: its text format, or OpenMetrics for who asks for that. Written off the event
 * loop, and once for all who ask while it is being written.
 */
final class MetricsPage implements Endpoint {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final Page text;
    private final Page openMetrics;

    /** @param beforeScrape run before each page is written; may take a while */
    MetricsPage(PrometheusMeterRegistry registry, Runnable beforeScrape) {
        this.text = new Page(registry, beforeScrape, "text/plain; version=0.0.4; charset=utf-8");
        this.openMetrics = new Page(registry, beforeScrape, OPEN_METRICS + "; version=1.0.0; charset=utf-8");
    }

    @Override
    public Mono<Answer> answer(Head head, byte[] body) {
        String accepted = head.header("accept").orElse("").toLowerCase(Locale.ROOT);
        return (accepted.contains(OPEN_METRICS) ? openMetrics : text).current();
    }

    /** The metrics in one format. */
    private static final class Page {
        private final PrometheusMeterRegistry registry;
        private final Runnable beforeScrape;
        private final String contentType;
        private Optional<Mono<Answer>> beingWritten = Optional.empty();

        private Page(PrometheusMeterRegistry registry, Runnable beforeScrape, String contentType) {
            this.registry = registry;
            this.beforeScrape = beforeScrape;
            this.contentType = contentType;
        }

        synchronized Mono<Answer> current() {
            Mono<Answer> page = beingWritten.orElseGet(this::begin);
            beingWritten = Optional.of(page);
            return page;
        }

        private Mono<Answer> begin() {
            return Mono.fromSupplier(this::writeOnce)
                    .subscribeOn(Schedulers.boundedElastic())
                    .cache();
        }

        /** Whoever asks once this page is out, gets another. */
        private Answer writeOnce() {
            try {
                return write();
            } finally {
                written();
            }
        }

        private synchronized void written() {
            beingWritten = Optional.empty();
        }

        private Answer write() {
            beforeScrape.run();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                registry.scrape(out, contentType);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Answer.Whole(
                    200, Map.of("content-type", contentType, "cache-control", "no-store"), out.toByteArray());
        }
    }
}
