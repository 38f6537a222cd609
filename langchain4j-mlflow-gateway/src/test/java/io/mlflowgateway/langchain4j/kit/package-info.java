/** LangChain4j's published tests of a model, and its AI services, against the gateway's jar in front of a small model. */
@NullMarked
package io.mlflowgateway.langchain4j.kit;

import org.jspecify.annotations.NullMarked;
