/** MLflow 2.5-2.8: routes, with candidates and metadata in the answers. */
@NullMarked
package io.mlflowgateway.server.api.routes;

import org.jspecify.annotations.NullMarked;
