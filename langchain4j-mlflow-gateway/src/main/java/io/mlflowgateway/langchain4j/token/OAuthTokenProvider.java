package io.mlflowgateway.langchain4j.token;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tokens by OAuth 2.0 client credentials (RFC 6749, section 4.4), kept until shortly before they expire. There is never
 * more than one request for a token under way, however many calls wait for it. From {@link Builder#refreshBefore} on the
 * next token is fetched while the present one is still handed out, so that nobody waits and an identity server that is
 * down for a moment is not noticed. A token the server refuses with 401 is forgotten and fetched anew.
 *
 * <p>Nothing waits in a thread, and no wait is longer than {@link Builder#timeout}.
 */
public final class OAuthTokenProvider implements TokenProvider {

    /** How long a failing identity server is left alone while the present token still holds. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Supplier<CompletableFuture<Grant>> grants;
    private final long refreshBeforeNanos;
    private final LongSupplier nanoTime;
    private final String name;
    private @Nullable Held held;
    private @Nullable CompletableFuture<String> fetching;

    OAuthTokenProvider(
            Supplier<CompletableFuture<Grant>> grants, Duration refreshBefore, LongSupplier nanoTime, String name) {
        this.grants = grants;
        this.refreshBeforeNanos = refreshBefore.toNanos();
        this.nanoTime = nanoTime;
        this.name = name;
    }

    /**
     * Machine-to-machine tokens of a Databricks workspace, for a service principal with an OAuth secret.
     *
     * @param workspace its address, such as {@code https://my-workspace.cloud.databricks.com}
     * @return a builder that wants {@code clientId} and {@code clientSecret}
     */
    public static Builder databricks(String workspace) {
        return builder()
                .tokenUrl(workspace.strip().replaceAll("/+$", "") + "/oidc/v1/token")
                .scope("all-apis")
                .basicAuthentication(true);
    }

    /**
     * Tokens of Microsoft Entra ID, for an application with a client secret.
     *
     * @param tenant its id or domain
     * @return a builder that wants {@code clientId}, {@code clientSecret} and {@code scope}, such as {@code
     *     2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default} for Azure Databricks
     */
    public static Builder entraId(String tenant) {
        return builder()
                .tokenUrl("https://login.microsoftonline.com/" + TokenForm.encoded(tenant) + "/oauth2/v2.0/token");
    }

    /** {@return a builder for any other identity server} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public CompletionStage<String> token() {
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (held != null && now - held.expires < 0) {
                if (now - held.refresh >= 0 && fetching == null) {
                    fetch();
                }
                return CompletableFuture.completedFuture(held.token);
            }
            CompletableFuture<String> pending = fetching == null ? fetch() : fetching;
            // A copy: who leaves must not end the waiting of the others.
            return pending.copy();
        }
    }

    @Override
    public synchronized boolean refused(String refused) {
        if (held != null && held.token.equals(refused)) {
            held = null;
        }
        return true;
    }

    /** Called with the lock held; the answer may come before this returns. */
    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are kept by took
    private CompletableFuture<String> fetch() {
        CompletableFuture<String> pending = new CompletableFuture<>();
        fetching = pending;
        asked().whenComplete((grant, failure) -> took(pending, grant, failure));
        return pending;
    }

    private CompletableFuture<Grant> asked() {
        try {
            return grants.get();
        } catch (RuntimeException unsent) {
            return CompletableFuture.failedFuture(unsent);
        }
    }

    private void took(CompletableFuture<String> pending, @Nullable Grant grant, @Nullable Throwable failure) {
        synchronized (this) {
            fetching = null;
            long now = nanoTime.getAsLong();
            if (grant != null) {
                held = Held.of(grant, now, refreshBeforeNanos);
            } else if (held != null) {
                held = new Held(held.token, now + PAUSE_NANOS, held.expires);
            }
        }
        if (grant != null) {
            pending.complete(grant.token());
        } else {
            pending.completeExceptionally(failure == null ? new IllegalStateException("no token") : failure);
        }
    }

    /** Where tokens come from, never what they are made of. */
    @Override
    public String toString() {
        return "OAuthTokenProvider{" + name + "}";
    }

    /** What the identity server gave. */
    record Grant(String token, Duration lifetime) {
        /** Without the token. */
        @Override
        public String toString() {
            return "Grant{" + lifetime + "}";
        }
    }

    /** A token, and by {@link System#nanoTime()} when the next one is fetched and when this one is no good any more. */
    private record Held(String token, long refresh, long expires) {

        static Held of(Grant grant, long now, long refreshBeforeNanos) {
            long lifetime = grant.lifetime().toNanos();
            return new Held(grant.token(), now + lifetime - Math.min(refreshBeforeNanos, lifetime / 2), now + lifetime);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Held";
        }
    }

    /** Gathers what an identity server wants to know. Every setter accepts null, which means "not set". */
    public static final class Builder {

        private static final Duration TIMEOUT = Duration.ofSeconds(30);
        private static final Duration REFRESH_BEFORE = Duration.ofMinutes(2);

        private @Nullable String tokenUrl;
        private @Nullable String clientId;
        private @Nullable String clientSecret;
        private @Nullable String scope;
        private @Nullable Boolean basicAuthentication;
        private @Nullable Duration timeout;
        private @Nullable Duration refreshBefore;

        private Builder() {}

        /**
         * Where tokens are asked for.
         *
         * @param tokenUrl an http or https address; required
         * @return this builder
         */
        public Builder tokenUrl(@Nullable String tokenUrl) {
            this.tokenUrl = tokenUrl;
            return this;
        }

        /**
         * Who asks.
         *
         * @param clientId of the service principal or application; required
         * @return this builder
         */
        public Builder clientId(@Nullable String clientId) {
            this.clientId = clientId;
            return this;
        }

        /**
         * What proves it.
         *
         * @param clientSecret required; never printed
         * @return this builder
         */
        public Builder clientSecret(@Nullable String clientSecret) {
            this.clientSecret = clientSecret;
            return this;
        }

        /**
         * What for.
         *
         * @param scope several are separated by spaces; left out if not set
         * @return this builder
         */
        public Builder scope(@Nullable String scope) {
            this.scope = scope;
            return this;
        }

        /**
         * Whether id and secret are sent as {@code Authorization: Basic} and not in the form.
         *
         * @param basicAuthentication default: false, but true for Databricks
         * @return this builder
         */
        public Builder basicAuthentication(@Nullable Boolean basicAuthentication) {
            this.basicAuthentication = basicAuthentication;
            return this;
        }

        /**
         * How long one request for a token may take altogether.
         *
         * @param timeout more than zero; default: 30 seconds
         * @return this builder
         */
        public Builder timeout(@Nullable Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /**
         * How long before its end a token is replaced; at most half its life.
         *
         * @param refreshBefore zero or more; default: 2 minutes
         * @return this builder
         */
        public Builder refreshBefore(@Nullable Duration refreshBefore) {
            this.refreshBefore = refreshBefore;
            return this;
        }

        /** {@return the provider; it connects when it is first asked} */
        public OAuthTokenProvider build() {
            Duration before = refreshBefore == null ? REFRESH_BEFORE : refreshBefore;
            if (before.isNegative()) {
                throw new IllegalArgumentException("refreshBefore must be zero or more, but is " + before);
            }
            TokenForm form = new TokenForm(
                    required("tokenUrl", tokenUrl),
                    required("clientId", clientId),
                    required("clientSecret", clientSecret),
                    scope == null ? "" : scope,
                    Boolean.TRUE.equals(basicAuthentication));
            TokenRequest request = new TokenRequest(form, timeout == null ? TIMEOUT : timeout);
            return new OAuthTokenProvider(request::send, before, System::nanoTime, form.toString());
        }

        private static String required(String name, @Nullable String value) {
            if (value == null || value.isBlank()) {
                throw new IllegalArgumentException(name + " is required");
            }
            return value.strip();
        }

        /** The address only. */
        @Override
        public String toString() {
            return "OAuthTokenProvider.Builder";
        }
    }
}
