package io.mlflowgateway.server.provider.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.secret.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The endpoint that gives a container of ECS or a pod of EKS its credentials, named in variables of the environment.
 *
 * @param url the path in it is as good as a password
 * @param token what it wants to see, where that stands in a variable
 * @param tokenFile the file that holds it; to be read each time, for it changes
 */
public record ContainerCredentials(String url, Optional<Secret> token, Optional<String> tokenFile) {
    private static final String RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    private static final String FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private static final String TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    private static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    private static final String ECS = "http://169.254.170.2";

    /** Those that may be asked without TLS, besides loopback addresses: ECS, and EKS in both families. */
    private static final Set<String> HOSTS = Set.of("169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost");

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");

    /** The endpoint; empty where no variable names one. */
    public static Optional<ContainerCredentials> of(Map<String, String> environment) throws CredentialsProblem {
        Optional<String> relative = EnvironmentCredentials.value(environment, RELATIVE);
        Optional<String> full = EnvironmentCredentials.value(environment, FULL);
        if (relative.isEmpty() && full.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> file = EnvironmentCredentials.value(environment, TOKEN_FILE);
        Optional<Secret> token = file.isPresent()
                ? Optional.empty()
                : EnvironmentCredentials.value(environment, TOKEN).map(Secret::new);
        String url = relative.isPresent() ? relative(relative.get()) : full(full.orElseThrow());
        return Optional.of(new ContainerCredentials(url, token, file));
    }

    private static String relative(String path) throws CredentialsProblem {
        if (!path.startsWith("/")) {
            throw new CredentialsProblem(RELATIVE + " must begin with a slash");
        }
        return full(ECS + path);
    }

    private static String full(String url) throws CredentialsProblem {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new CredentialsProblem(FULL + " is no URL");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        boolean near = HOSTS.contains(host) || LOOPBACK.matcher(host).matches();
        if (host.isEmpty()
                || uri.getRawUserInfo() != null
                || !(scheme.equals("https") || scheme.equals("http") && near)) {
            throw new CredentialsProblem(FULL + " must be an https URL, or one of this machine or container");
        }
        return url;
    }

    /** @param tokenOfFile what {@link #tokenFile} holds now, where there is one */
    public CredentialRequest request(Optional<Secret> tokenOfFile) throws CredentialsProblem {
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "application/json"));
        Optional<String> shown = tokenFile.isPresent() ? tokenOfFile.map(Secret::reveal) : token.map(Secret::reveal);
        if (tokenFile.isPresent() && shown.isEmpty()) {
            throw new CredentialsProblem(TOKEN_FILE + " names a file that could not be read");
        }
        if (shown.isPresent()) {
            if (!HEADER_VALUE.matcher(shown.get()).matches()) {
                throw new CredentialsProblem("the authorization token of the container cannot stand in a header");
            }
            headers.put("Authorization", shown.get());
        }
        return new CredentialRequest("GET", url, headers, Payload.of(new byte[0]));
    }

    /** Reads what the endpoint answered. */
    public static AwsCredentials read(int status, byte[] body) throws CredentialsProblem {
        if (status != 200) {
            throw new CredentialsProblem("the container's credential endpoint answered with status " + status);
        }
        JsonNode answer;
        try {
            answer = Json.tree(body);
        } catch (JsonProcessingException e) {
            throw new CredentialsProblem("the container's credential endpoint answered with broken JSON");
        }
        return new AwsCredentials(
                text(answer, "AccessKeyId"),
                new Secret(text(answer, "SecretAccessKey")),
                Optional.of(new Secret(text(answer, "Token"))),
                Optional.of(Expiry.read(text(answer, "Expiration"), "Expiration")));
    }

    private static String text(JsonNode answer, String member) throws CredentialsProblem {
        String text = answer.path(member).asText("");
        if (text.isEmpty()) {
            throw new CredentialsProblem("the container's credential endpoint answered without " + member);
        }
        return text;
    }

    @Override
    public String toString() {
        return "ContainerCredentials[***]";
    }
}
