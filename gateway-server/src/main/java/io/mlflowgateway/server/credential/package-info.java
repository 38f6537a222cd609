/**
 * Brings each attempt its credential: the one of the configuration, or a token that is fetched once for all calls,
 * renewed ahead of its end, and kept over reloads.
 */
@NullMarked
package io.mlflowgateway.server.credential;

import org.jspecify.annotations.NullMarked;
