/** Tests of what no provider counted. */
@org.jspecify.annotations.NullMarked
package io.mlflowgateway.server.estimate;
