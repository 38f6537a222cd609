/** Asks a running gateway over HTTP what is in force, and says what another file would change. For commands. */
@NullMarked
package io.mlflowgateway.server.remote;

import org.jspecify.annotations.NullMarked;
