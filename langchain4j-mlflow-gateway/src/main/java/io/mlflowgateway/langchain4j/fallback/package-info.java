/**
 * Models made of several others: the next one answers when one cannot, or all of them share the calls. For users whose
 * gateway does not do this itself, and for models that are behind no gateway.
 */
@NullMarked
package io.mlflowgateway.langchain4j.fallback;

import org.jspecify.annotations.NullMarked;
