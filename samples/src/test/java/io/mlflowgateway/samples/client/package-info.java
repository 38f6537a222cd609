/** The client module against the gateway's jar, with a provider that does as a test says. */
@NullMarked
package io.mlflowgateway.samples.client;

import org.jspecify.annotations.NullMarked;
