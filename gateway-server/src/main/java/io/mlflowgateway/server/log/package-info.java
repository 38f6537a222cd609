/** The log of the process: one masked line an event, written where no call waits for it. Knows Logback. */
@NullMarked
package io.mlflowgateway.server.log;

import org.jspecify.annotations.NullMarked;
