/** Programs the samples start beside themselves, and how they are always ended by their process id. */
@NullMarked
package io.mlflowgateway.samples.process;

import org.jspecify.annotations.NullMarked;
