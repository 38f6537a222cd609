package io.mlflowgateway.server.credential;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.secret.RsaKey;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** An assertion the account signs itself: RFC 7523, as Google Cloud's "Using OAuth 2.0 for server to server" has it. */
final class ServiceAccountGrant implements Grant {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /** The longest Google takes. */
    private static final long LIFE_SECONDS = 3_600;

    private final TokenSource.ServiceAccount source;
    private final Clock clock;
    private final Consumer<Secret> keepOut;

    /**
     * @param clock wall clock: an assertion says when it was made
     * @param keepOut takes note of each assertion
     */
    ServiceAccountGrant(TokenSource.ServiceAccount source, Clock clock, Consumer<Secret> keepOut) {
        this.source = source;
        this.clock = clock;
        this.keepOut = keepOut;
    }

    /** Signing takes milliseconds, and may wait for randomness. */
    @Override
    public Mono<UpstreamRequest> request() {
        return Mono.fromCallable(this::signed).subscribeOn(Schedulers.boundedElastic());
    }

    private UpstreamRequest signed() throws GeneralSecurityException {
        String said = encoded(head()) + "." + encoded(claims());
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(RsaKey.of(source.privateKey()));
        signature.update(said.getBytes(StandardCharsets.US_ASCII));
        String assertion = said + "." + encoded(signature.sign());
        keepOut.accept(new Secret(assertion));
        return new Form().with("grant_type", GRANT).with("assertion", assertion).to(source.tokenUrl(), Map.of());
    }

    private byte[] head() {
        ObjectNode head =
                JsonNodeFactory.instance.objectNode().put("alg", "RS256").put("typ", "JWT");
        if (!source.keyId().isEmpty()) {
            head.put("kid", source.keyId());
        }
        return Json.bytes(head);
    }

    private byte[] claims() {
        long now = clock.instant().getEpochSecond();
        return Json.bytes(JsonNodeFactory.instance
                .objectNode()
                .put("iss", source.client())
                .put("scope", source.scope())
                .put("aud", source.tokenUrl())
                .put("iat", now)
                .put("exp", now + LIFE_SECONDS));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
