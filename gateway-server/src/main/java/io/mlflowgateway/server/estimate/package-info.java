/** Tokens that no provider counted: a guess at them, told as one. A stage; knows the tokenizer. */
@org.jspecify.annotations.NullMarked
package io.mlflowgateway.server.estimate;
