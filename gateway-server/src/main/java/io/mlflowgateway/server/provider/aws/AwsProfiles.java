package io.mlflowgateway.server.provider.aws;

import io.mlflowgateway.server.provider.aws.AwsCredentialSource.Container;
import io.mlflowgateway.server.provider.aws.AwsCredentialSource.Present;
import io.mlflowgateway.server.provider.aws.AwsCredentialSource.Role;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The profiles of the SDKs' two files, {@code ~/.aws/credentials} and {@code ~/.aws/config}. */
public final class AwsProfiles {
    /** As whom a role is assumed, where its profile does not say. */
    public static final String SESSION_NAME = "mlflow-gateway";

    private static final Pattern NAMED = Pattern.compile("profile\\s+(?:\"([^\"]*)\"|'([^']*)'|(\\S+))");

    private final Map<String, AwsProfile> byName = new HashMap<>();

    /**
     * @param credentials the text of the credentials file, whose sections are profiles; empty where there is none
     * @param config the text of the other one, where a profile but the default one is {@code [profile name]}
     */
    public AwsProfiles(String credentials, String config) throws CredentialsProblem {
        Map<String, Map<String, String>> values = new HashMap<>();
        for (Map.Entry<String, Map<String, String>> section :
                IniSections.read("the AWS config file", config).entrySet()) {
            profile(section.getKey()).ifPresent(name -> add(values, name, section.getValue()));
        }
        IniSections.read("the AWS credentials file", credentials).forEach((name, found) -> add(values, name, found));
        values.forEach((name, found) -> byName.put(name, new AwsProfile(name, found)));
    }

    private static void add(Map<String, Map<String, String>> all, String name, Map<String, String> values) {
        all.computeIfAbsent(name, added -> new HashMap<>()).putAll(values);
    }

    private static Optional<String> profile(String section) {
        if (section.equals("default")) {
            return Optional.of(section);
        }
        Matcher named = NAMED.matcher(section);
        if (!named.matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(named.group(1))
                .or(() -> Optional.ofNullable(named.group(2)))
                .or(() -> Optional.ofNullable(named.group(3)));
    }

    /** The path of the credentials file: what the environment says, or the one below the user's home. */
    public static Optional<String> credentialsFile(Map<String, String> environment) {
        return file(environment, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
    }

    /** The path of the config file. */
    public static Optional<String> configFile(Map<String, String> environment) {
        return file(environment, "AWS_CONFIG_FILE", "/.aws/config");
    }

    private static Optional<String> file(Map<String, String> environment, String variable, String belowHome) {
        Optional<String> home = EnvironmentCredentials.value(environment, "HOME");
        return EnvironmentCredentials.value(environment, variable)
                .map(path -> path.startsWith("~/") ? home.orElse("~") + path.substring(1) : path)
                .or(() -> home.map(folder -> folder + belowHome));
    }

    /** The profile of this name. */
    public Optional<AwsProfile> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * Where the credentials of a profile come from: a role's by those of another profile or source, or its own.
     *
     * @param environment where a profile says {@code credential_source}
     */
    public AwsCredentialSource source(String name, Map<String, String> environment) throws CredentialsProblem {
        return source(name, environment, new HashSet<>());
    }

    private AwsCredentialSource source(String name, Map<String, String> environment, Set<String> seen)
            throws CredentialsProblem {
        AwsProfile profile = byName.get(name);
        if (profile == null) {
            throw new CredentialsProblem("there is no AWS profile '" + name + "'");
        }
        Optional<AwsCredentials> own = profile.credentials();
        if (own.isPresent() && !seen.isEmpty()) {
            // What another profile's role is assumed with, also where it has a role itself, or is that profile.
            return new Present(own.get());
        }
        if (!seen.add(name)) {
            throw new CredentialsProblem("the AWS profile '" + name + "' is its own source");
        }
        Optional<AssumeRole> role = profile.role(SESSION_NAME);
        if (role.isPresent()) {
            return new Role(by(profile, environment, seen), role.get());
        }
        return new Present(
                own.orElseThrow(() -> new CredentialsProblem("the AWS profile '" + name + "' has no credentials")));
    }

    private AwsCredentialSource by(AwsProfile profile, Map<String, String> environment, Set<String> seen)
            throws CredentialsProblem {
        Optional<String> other = profile.value("source_profile");
        Optional<String> source = profile.value("credential_source");
        if (other.isPresent() == source.isPresent()) {
            throw new CredentialsProblem("the AWS profile '" + profile.name()
                    + "' has a role_arn and needs one of source_profile and credential_source");
        }
        if (other.isPresent()) {
            return source(other.get(), environment, seen);
        }
        return switch (source.orElseThrow()) {
            case "Environment" ->
                new Present(EnvironmentCredentials.read(environment)
                        .orElseThrow(() -> new CredentialsProblem("AWS_ACCESS_KEY_ID is not set")));
            case "EcsContainer" ->
                new Container(ContainerCredentials.of(environment)
                        .orElseThrow(() -> new CredentialsProblem("no variable names a container's endpoint")));
            default ->
                throw new CredentialsProblem("credential_source of the AWS profile '" + profile.name()
                        + "' must be Environment or EcsContainer");
        };
    }
}
