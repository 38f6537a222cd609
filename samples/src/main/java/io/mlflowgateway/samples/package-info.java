/** Small programs, one idea each: LangChain4j chains that answer through a gateway's named routes. */
@NullMarked
package io.mlflowgateway.samples;

import org.jspecify.annotations.NullMarked;
