/** MLflow 2.9 and later: endpoints, in OpenAI's shape with MLflow's rules and errors. */
@NullMarked
package io.mlflowgateway.server.api.deployments;

import org.jspecify.annotations.NullMarked;
