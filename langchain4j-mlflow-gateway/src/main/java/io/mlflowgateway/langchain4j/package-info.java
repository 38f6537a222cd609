/** LangChain4j models that answer through named routes of a gateway, and the client that lists and describes the routes. */
@NullMarked
package io.mlflowgateway.langchain4j;

import org.jspecify.annotations.NullMarked;
