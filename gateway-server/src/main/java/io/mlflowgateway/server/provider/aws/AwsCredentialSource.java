package io.mlflowgateway.server.provider.aws;

/** Where credentials come from: they are there, or somebody must be asked. Whoever asks does so again before they expire. */
public sealed interface AwsCredentialSource {
    /** They stand in the configuration, the environment or a file. */
    record Present(AwsCredentials credentials) implements AwsCredentialSource {}

    /** The container's own endpoint gives them. */
    record Container(ContainerCredentials endpoint) implements AwsCredentialSource {}

    /**
     * A role's, which STS gives to those who may assume it.
     *
     * @param by whose credentials sign the request
     */
    record Role(AwsCredentialSource by, AssumeRole role) implements AwsCredentialSource {}
}
