/** The configuration file and the settings: read once, every problem reported, then immutable records. */
@NullMarked
package io.mlflowgateway.server.config;

import org.jspecify.annotations.NullMarked;
