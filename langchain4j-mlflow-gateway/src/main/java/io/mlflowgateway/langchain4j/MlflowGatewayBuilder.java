package io.mlflowgateway.langchain4j;

import dev.langchain4j.http.client.HttpClientBuilder;
import io.mlflowgateway.langchain4j.internal.BaseUrl;
import io.mlflowgateway.langchain4j.internal.ConnectionSettings;
import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import io.mlflowgateway.langchain4j.internal.JdkTransport;
import io.mlflowgateway.langchain4j.internal.LangChainTransport;
import io.mlflowgateway.langchain4j.internal.Timeouts;
import io.mlflowgateway.langchain4j.internal.Transport;
import io.mlflowgateway.langchain4j.internal.WireLog;
import io.mlflowgateway.langchain4j.token.TokenProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the gateway is reached: the settings every builder of this module shares, under the names of LangChain4j's own
 * modules. Every setter accepts null, which means "not set".
 *
 * @param <B> the builder itself
 */
public abstract class MlflowGatewayBuilder<B extends MlflowGatewayBuilder<B>> {

    private static final Logger LOG = LoggerFactory.getLogger("io.mlflowgateway.langchain4j.http");
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration FIRST_BYTE = Duration.ofMinutes(5);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration TOTAL = Duration.ofMinutes(15);
    private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

    private @Nullable String baseUrl;
    private @Nullable TokenProvider apiKey;
    private @Nullable TokenProvider tokenProvider;
    private @Nullable Duration timeout;
    private @Nullable Duration connectTimeout;
    private @Nullable Duration firstByteTimeout;
    private @Nullable Duration idleTimeout;
    private @Nullable Duration totalTimeout;
    private @Nullable Integer maxRetries;
    private @Nullable Duration maxRetryAfter;
    private @Nullable Boolean logRequests;
    private @Nullable Boolean logResponses;
    private @Nullable Logger logger;
    private @Nullable Supplier<Map<String, String>> customHeaders;
    private @Nullable Map<String, String> customQueryParams;
    private @Nullable String organizationId;
    private @Nullable String projectId;
    private @Nullable String userAgent;
    private @Nullable HttpClientBuilder httpClientBuilder;
    private @Nullable MlflowGatewayDialect dialect;

    /** For the builders of this package. */
    MlflowGatewayBuilder() {}

    /**
     * Where the gateway is, such as {@code http://127.0.0.1:5000}. Paths of the API are added to it.
     *
     * @param baseUrl an http or https address without user, query and fragment; required
     * @return this builder
     */
    public B baseUrl(@Nullable String baseUrl) {
        this.baseUrl = baseUrl;
        return self();
    }

    /**
     * The API key shown to the gateway, as {@code Authorization: Bearer}.
     *
     * @param apiKey without surrounding white space, which is cut off; a blank one, as an unset variable leaves it, is none
     * @return this builder
     */
    public B apiKey(@Nullable String apiKey) {
        this.apiKey = apiKey == null || apiKey.isBlank() ? null : TokenProvider.from(() -> apiKey);
        return self();
    }

    /**
     * Where the API key comes from, for keys that are refreshed.
     *
     * @param apiKey asked once for each attempt; the first time on the thread of the caller
     * @return this builder
     */
    public B apiKey(@Nullable Supplier<String> apiKey) {
        this.apiKey = apiKey == null ? null : TokenProvider.from(apiKey);
        return self();
    }

    /**
     * Where the token of {@code Authorization: Bearer} comes from, in place of an API key: an environment variable, or
     * an identity server such as that of Databricks or Entra ID.
     *
     * @param tokenProvider asked once for each attempt; may be shared by many models
     * @return this builder
     */
    public B tokenProvider(@Nullable TokenProvider tokenProvider) {
        this.tokenProvider = tokenProvider;
        return self();
    }

    /**
     * How long one call may take altogether: all its attempts, the pauses between them, and the question what the server
     * speaks that comes before the first one. It is counted from the beginning of the call and ends streams, too. Each
     * of the batches an embedding model makes of many texts is a call of its own. No single wait is longer, either: the
     * same duration holds for connecting, for the first byte and between two pieces of a stream. Each of the four can
     * be set by itself and then holds instead. A pause that would pass the end is not begun: the call fails at once
     * with what the last attempt failed with.
     *
     * @param timeout more than zero; without it a call ends after the 15 minutes of {@link #totalTimeout(Duration)}
     * @return this builder
     */
    public B timeout(@Nullable Duration timeout) {
        this.timeout = timeout;
        return self();
    }

    /**
     * How long a connection may take. Default: 15 seconds.
     *
     * @param connectTimeout more than zero
     * @return this builder
     */
    public B connectTimeout(@Nullable Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
        return self();
    }

    /**
     * How long the head of an answer may take after the request is sent; the body of a whole answer may take as long
     * again. Default: 5 minutes, as MLflow's own clients wait.
     *
     * @param firstByteTimeout more than zero
     * @return this builder
     */
    public B firstByteTimeout(@Nullable Duration firstByteTimeout) {
        this.firstByteTimeout = firstByteTimeout;
        return self();
    }

    /**
     * How long a running stream may be silent. Time in which the application is not ready for more does not count.
     * Default: 1 minute.
     *
     * @param idleTimeout more than zero
     * @return this builder
     */
    public B idleTimeout(@Nullable Duration idleTimeout) {
        this.idleTimeout = idleTimeout;
        return self();
    }

    /**
     * How long one call may take altogether, with all its attempts and the pauses between them, whole or streamed.
     * Default: what {@link #timeout(Duration)} says, or else 15 minutes.
     *
     * @param totalTimeout more than zero
     * @return this builder
     */
    public B totalTimeout(@Nullable Duration totalTimeout) {
        this.totalTimeout = totalTimeout;
        return self();
    }

    /**
     * How often a call is repeated after a failure that may pass: 408, 429, 5xx other than 501, timeouts and broken
     * connections. A stream is repeated only while nothing of it was handed out. Between attempts the client waits what
     * {@code Retry-After} says, or else half a second and then ever longer, up to 12 seconds. When {@code Retry-After}
     * says more than {@link #maxRetryAfter(Duration)}, or more than is left of the call's time, the call is not repeated
     * but fails at once; {@code GatewayFailure.details().retryAfter()} tells what the server asked for.
     *
     * @param maxRetries zero or more. Default: 2, so up to three attempts
     * @return this builder
     */
    public B maxRetries(@Nullable Integer maxRetries) {
        this.maxRetries = maxRetries;
        return self();
    }

    /**
     * The longest pause a server may ask for by {@code Retry-After}. When it asks for more the call is not repeated but
     * fails at once, as coming back sooner would be one more refusal.
     *
     * @param maxRetryAfter zero or more. Default: 60 seconds
     * @return this builder
     */
    public B maxRetryAfter(@Nullable Duration maxRetryAfter) {
        this.maxRetryAfter = maxRetryAfter;
        return self();
    }

    /**
     * Whether requests are logged at info level. Values of headers that look secret are masked, bodies are cut.
     *
     * @param logRequests default: false
     * @return this builder
     */
    public B logRequests(@Nullable Boolean logRequests) {
        this.logRequests = logRequests;
        return self();
    }

    /**
     * Whether answers are logged at info level. Values of headers that look secret are masked, bodies are cut.
     *
     * @param logResponses default: false
     * @return this builder
     */
    public B logResponses(@Nullable Boolean logResponses) {
        this.logResponses = logResponses;
        return self();
    }

    /**
     * The logger for requests and answers, instead of this module's own.
     *
     * @param logger used as it is
     * @return this builder
     */
    public B logger(@Nullable Logger logger) {
        this.logger = logger;
        return self();
    }

    /**
     * Headers added to every request. They win over the module's own, {@code Authorization} included.
     *
     * @param customHeaders copied
     * @return this builder
     */
    public B customHeaders(@Nullable Map<String, String> customHeaders) {
        if (customHeaders == null) {
            this.customHeaders = null;
        } else {
            Map<String, String> copy = Map.copyOf(customHeaders);
            this.customHeaders = () -> copy;
        }
        return self();
    }

    /**
     * Where added headers come from.
     *
     * @param customHeaders asked exactly once for each attempt; the first time on the thread of the caller
     * @return this builder
     */
    public B customHeaders(@Nullable Supplier<Map<String, String>> customHeaders) {
        this.customHeaders = customHeaders;
        return self();
    }

    /**
     * The organization at OpenAI that is billed, as {@code OpenAI-Organization}. For servers of OpenAI's API; a gateway has
     * this in its own configuration.
     *
     * @param organizationId as OpenAI names it
     * @return this builder
     */
    public B organizationId(@Nullable String organizationId) {
        this.organizationId = organizationId;
        return self();
    }

    /**
     * The project at OpenAI, as {@code OpenAI-Project}. For servers of OpenAI's API; a gateway has this in its own
     * configuration.
     *
     * @param projectId as OpenAI names it
     * @return this builder
     */
    public B projectId(@Nullable String projectId) {
        this.projectId = projectId;
        return self();
    }

    /**
     * What the client calls itself, as {@code User-Agent}. Default: {@code langchain4j-mlflow-gateway}.
     *
     * @param userAgent such as the application's name and version
     * @return this builder
     */
    public B userAgent(@Nullable String userAgent) {
        this.userAgent = userAgent;
        return self();
    }

    /**
     * Query parameters added to every request.
     *
     * @param customQueryParams copied; percent-encoded when sent
     * @return this builder
     */
    public B customQueryParams(@Nullable Map<String, String> customQueryParams) {
        this.customQueryParams = customQueryParams == null ? null : Map.copyOf(customQueryParams);
        return self();
    }

    /**
     * Sends requests through a LangChain4j HTTP client instead of the JDK's. Such a client does not hand out the
     * headers of failures, so {@code Retry-After} and the request id are not seen then. Needs {@code
     * langchain4j-http-client} on the class path.
     *
     * @param httpClientBuilder its timeouts are set from this builder's where it has none
     * @return this builder
     */
    public B httpClientBuilder(@Nullable HttpClientBuilder httpClientBuilder) {
        this.httpClientBuilder = httpClientBuilder;
        return self();
    }

    /**
     * Which generation of the API is spoken. Default: found out by asking the server once.
     *
     * @param dialect null to ask
     * @return this builder
     */
    public B dialect(@Nullable MlflowGatewayDialect dialect) {
        this.dialect = dialect;
        return self();
    }

    /** A connection of its own, as the settings say. */
    final GatewayConnection connect() {
        if (timeout != null) {
            Timeouts.check("timeout", timeout);
        }
        Timeouts timeouts = new Timeouts(
                or(connectTimeout, or(timeout, CONNECT)),
                or(firstByteTimeout, or(timeout, FIRST_BYTE)),
                or(idleTimeout, or(timeout, IDLE)),
                or(totalTimeout, or(timeout, TOTAL)));
        ConnectionSettings settings = new ConnectionSettings(
                BaseUrl.of(baseUrl),
                token(),
                timeouts,
                or(maxRetries, 2),
                or(maxRetryAfter, MAX_RETRY_AFTER),
                new WireLog(or(logger, LOG), or(logRequests, false), or(logResponses, false)),
                headers(),
                or(customQueryParams, Map.of()),
                Optional.ofNullable(dialect).map(MlflowGatewayDialect::shape));
        Transport transport = httpClientBuilder == null
                ? new JdkTransport(timeouts.connect())
                : new LangChainTransport(httpClientBuilder, timeouts);
        return new GatewayConnection(settings, transport);
    }

    /** The named headers first: custom ones win. */
    private Optional<Supplier<Map<String, String>>> headers() {
        Map<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        put(named, "OpenAI-Organization", organizationId);
        put(named, "OpenAI-Project", projectId);
        put(named, "User-Agent", userAgent);
        Supplier<Map<String, String>> custom = customHeaders;
        if (named.isEmpty() || custom == null) {
            return named.isEmpty() ? Optional.ofNullable(custom) : Optional.of(() -> named);
        }
        return Optional.of(() -> merged(named, custom.get()));
    }

    private static Map<String, String> merged(Map<String, String> named, Map<String, String> custom) {
        Map<String, String> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        merged.putAll(named);
        merged.putAll(custom);
        return merged;
    }

    private static void put(Map<String, String> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    private Optional<TokenProvider> token() {
        if (apiKey != null && tokenProvider != null) {
            throw new IllegalArgumentException("apiKey and tokenProvider say the same thing; remove one of them");
        }
        return Optional.ofNullable(apiKey).or(() -> Optional.ofNullable(tokenProvider));
    }

    /** Refuses settings that a shared client already decides. */
    final void refuseConnectionSettings() {
        List<String> set = new ArrayList<>();
        note(set, "baseUrl", baseUrl);
        note(set, "apiKey", apiKey);
        note(set, "tokenProvider", tokenProvider);
        note(set, "timeout", timeout);
        note(set, "connectTimeout", connectTimeout);
        note(set, "firstByteTimeout", firstByteTimeout);
        note(set, "idleTimeout", idleTimeout);
        note(set, "totalTimeout", totalTimeout);
        note(set, "maxRetries", maxRetries);
        note(set, "maxRetryAfter", maxRetryAfter);
        note(set, "logRequests", logRequests);
        note(set, "logResponses", logResponses);
        note(set, "logger", logger);
        note(set, "customHeaders", customHeaders);
        note(set, "organizationId", organizationId);
        note(set, "projectId", projectId);
        note(set, "userAgent", userAgent);
        note(set, "customQueryParams", customQueryParams);
        note(set, "httpClientBuilder", httpClientBuilder);
        note(set, "dialect", dialect);
        if (!set.isEmpty()) {
            throw new IllegalArgumentException(
                    "client already says how the gateway is reached; remove " + String.join(", ", set));
        }
    }

    private static void note(List<String> set, String name, @Nullable Object value) {
        if (value != null) {
            set.add(name);
        }
    }

    private static <T> T or(@Nullable T wanted, T otherwise) {
        return wanted != null ? wanted : otherwise;
    }

    @SuppressWarnings("unchecked")
    final B self() {
        return (B) this;
    }

    /** Names the type only: what is set may be secret. */
    @Override
    public String toString() {
        return getClass().getSimpleName();
    }
}
