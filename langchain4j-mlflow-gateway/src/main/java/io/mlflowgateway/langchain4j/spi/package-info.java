/** Lets a framework hand out its own builders: register a factory as a {@link java.util.ServiceLoader} service. */
@NullMarked
package io.mlflowgateway.langchain4j.spi;

import org.jspecify.annotations.NullMarked;
