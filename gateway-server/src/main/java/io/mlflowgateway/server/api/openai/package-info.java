/** OpenAI's API: the route's name is the model. */
@NullMarked
package io.mlflowgateway.server.api.openai;

import org.jspecify.annotations.NullMarked;
