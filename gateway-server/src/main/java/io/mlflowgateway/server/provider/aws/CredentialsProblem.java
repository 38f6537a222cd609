package io.mlflowgateway.server.provider.aws;

/** Why there are no credentials. Messages say what would do, and hold no value that was read. */
public final class CredentialsProblem extends Exception {
    private static final long serialVersionUID = 1L;

    public CredentialsProblem(String message) {
        super(message);
    }
}
