package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.provider.aws.AssumeRole;
import io.mlflowgateway.server.provider.aws.AwsCredentialSource;
import io.mlflowgateway.server.provider.aws.AwsCredentials;
import io.mlflowgateway.server.provider.aws.AwsProfile;
import io.mlflowgateway.server.provider.aws.AwsProfiles;
import io.mlflowgateway.server.provider.aws.ContainerCredentials;
import io.mlflowgateway.server.provider.aws.CredentialsProblem;
import io.mlflowgateway.server.provider.aws.EnvironmentCredentials;
import io.mlflowgateway.server.secret.Credential;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where Amazon's credentials come from, in the order of Amazon's SDKs: what the configuration says, variables of the
 * environment, the profile that is named there or the default one, a container's endpoint. Reads files: not for event
 * loops.
 *
 * @param environment of the process
 */
record AwsPlaces(Map<String, String> environment) {
    private static final int MOST_BYTES = 1024 * 1024;

    AwsPlaces {
        environment = Map.copyOf(environment);
    }

    /** Where this source's credentials come from at this moment. */
    AwsCredentialSource find(TokenSource.Aws source) throws CredentialsProblem {
        AwsCredentialSource found = own(source);
        if (source.role().isEmpty()) {
            return found;
        }
        TokenSource.Role role = source.role().get();
        return new AwsCredentialSource.Role(
                found, new AssumeRole(role.arn(), role.sessionName(), role.externalId(), Optional.of(role.length())));
    }

    private AwsCredentialSource own(TokenSource.Aws source) throws CredentialsProblem {
        if (source.keys().isPresent()) {
            Credential.Keys keys = source.keys().get();
            return present(new AwsCredentials(keys.id(), keys.secretKey(), keys.sessionToken(), Optional.empty()));
        }
        if (source.profile().isPresent()) {
            return profiles().source(source.profile().get(), environment);
        }
        Optional<AwsCredentials> variables = EnvironmentCredentials.read(environment);
        return variables.isPresent() ? present(variables.get()) : besideVariables();
    }

    private AwsCredentialSource besideVariables() throws CredentialsProblem {
        Optional<String> named =
                Optional.ofNullable(environment.get("AWS_PROFILE")).filter(name -> !name.isEmpty());
        AwsProfiles profiles = profiles();
        if (named.isPresent()
                || profiles.find("default").filter(AwsPlaces::says).isPresent()) {
            return profiles.source(named.orElse("default"), environment);
        }
        return container()
                .map(AwsCredentialSource.Container::new)
                .orElseThrow(() -> new CredentialsProblem("there are no AWS credentials in the configuration, the"
                        + " environment, the files of the SDKs or from a container's endpoint"));
    }

    /** The endpoint of the container this runs in, if it is one. */
    Optional<ContainerCredentials> container() throws CredentialsProblem {
        return ContainerCredentials.of(environment);
    }

    private static AwsCredentialSource present(AwsCredentials credentials) {
        return new AwsCredentialSource.Present(credentials);
    }

    private static boolean says(AwsProfile profile) {
        return profile.value("aws_access_key_id")
                .or(() -> profile.value("role_arn"))
                .isPresent();
    }

    private AwsProfiles profiles() throws CredentialsProblem {
        Optional<String> credentials = AwsProfiles.credentialsFile(environment);
        Optional<String> config = AwsProfiles.configFile(environment);
        return new AwsProfiles(
                credentials.isPresent() ? text(credentials.get()) : "", config.isPresent() ? text(config.get()) : "");
    }

    /** What a file holds; nothing where there is none. */
    static String text(String file) throws CredentialsProblem {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new CredentialsProblem("the file " + file + " is larger than " + MOST_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException | InvalidPathException e) {
            throw new CredentialsProblem(
                    "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }
}
