/** A model small enough to read: it answers from the request alone, the same way each time, in OpenAI's wire format. */
@NullMarked
package io.mlflowgateway.langchain4j.kit.model;

import org.jspecify.annotations.NullMarked;
