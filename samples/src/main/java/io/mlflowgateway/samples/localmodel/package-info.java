/** A small OpenAI-compatible server of its own: real embeddings, and on request real text, with no key and no network. */
@NullMarked
package io.mlflowgateway.samples.localmodel;

import org.jspecify.annotations.NullMarked;
