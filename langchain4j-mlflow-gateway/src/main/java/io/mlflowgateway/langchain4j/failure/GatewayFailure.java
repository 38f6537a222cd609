package io.mlflowgateway.langchain4j.failure;

/** Every exception of this module that came of a call: LangChain4j's type, and these details. */
public interface GatewayFailure {
    /** {@return what is known about the failed call} */
    FailureDetails details();
}
