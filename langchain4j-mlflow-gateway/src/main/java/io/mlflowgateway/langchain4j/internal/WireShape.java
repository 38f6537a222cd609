package io.mlflowgateway.langchain4j.internal;

/** The generations of the gateway API: where a route is called. */
public enum WireShape {
    /** MLflow 2.5 to 2.8 gateway API: {@code candidates} and {@code metadata}. */
    CLASSIC("/gateway/"),
    /** MLflow 2.9 and newer deployments API: OpenAI's shape. */
    OPENAI("/endpoints/");

    private final String prefix;

    WireShape(String prefix) {
        this.prefix = prefix;
    }

    String invocations(String route) {
        return prefix + BaseUrl.segment(route) + "/invocations";
    }
}
