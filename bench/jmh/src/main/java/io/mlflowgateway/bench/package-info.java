/** Benchmarks of single parts of the gateway: what the whole costs is measured from outside, by {@code bench/run}. */
@NullMarked
package io.mlflowgateway.bench;

import org.jspecify.annotations.NullMarked;
