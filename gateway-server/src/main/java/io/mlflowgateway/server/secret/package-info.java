/** Credentials: held so that they do not print, and masked where a text might carry them. */
@NullMarked
package io.mlflowgateway.server.secret;

import org.jspecify.annotations.NullMarked;
