/** What is shown to a gateway or a workspace in place of a fixed API key: tokens that come from elsewhere and expire. */
@NullMarked
package io.mlflowgateway.langchain4j.token;

import org.jspecify.annotations.NullMarked;
