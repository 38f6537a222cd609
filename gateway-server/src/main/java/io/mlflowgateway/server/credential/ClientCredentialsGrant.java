package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.provider.UpstreamRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import reactor.core.publisher.Mono;

/** OAuth 2.0 by a program's own name: RFC 6749, sections 4.4.2 and 2.3.1. */
final class ClientCredentialsGrant implements Grant {
    private final TokenSource.ClientCredentials source;

    ClientCredentialsGrant(TokenSource.ClientCredentials source) {
        this.source = source;
    }

    @Override
    public Mono<UpstreamRequest> request() {
        return Mono.fromSupplier(source.basic() ? this::withHeader : this::withBody);
    }

    private UpstreamRequest withHeader() {
        // Both are encoded before they are joined: an id may hold a colon.
        String pair = Form.encoded(source.client()) + ":"
                + Form.encoded(source.clientSecret().reveal());
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
        return form().to(source.tokenUrl(), Map.of("Authorization", "Basic " + basic));
    }

    private UpstreamRequest withBody() {
        return form().with("client_id", source.client())
                .with("client_secret", source.clientSecret().reveal())
                .to(source.tokenUrl(), Map.of());
    }

    private Form form() {
        return new Form().with("grant_type", "client_credentials").with("scope", source.scope());
    }
}
