/** Finding a Python, and an MLflow of a pinned version inside a virtual environment. */
@NullMarked
package io.mlflowgateway.samples.python;

import org.jspecify.annotations.NullMarked;
