/** LangChain4j's published tests of the next release, beside those of the client's own tests that it runs again. */
@NullMarked
package io.mlflowgateway.langchain4j.kit;

import org.jspecify.annotations.NullMarked;
