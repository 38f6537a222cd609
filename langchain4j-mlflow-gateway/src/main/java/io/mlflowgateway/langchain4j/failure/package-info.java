/** LangChain4j's exception types, with what the gateway told about the failure. */
@NullMarked
package io.mlflowgateway.langchain4j.failure;

import org.jspecify.annotations.NullMarked;
