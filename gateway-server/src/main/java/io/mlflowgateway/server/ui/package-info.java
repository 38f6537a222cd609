/** Hands out fixed files of the class path. Has no logic of its own. */
@NullMarked
package io.mlflowgateway.server.ui;

import org.jspecify.annotations.NullMarked;
