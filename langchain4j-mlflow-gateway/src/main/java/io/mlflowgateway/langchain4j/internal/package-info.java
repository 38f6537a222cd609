/** How requests and answers look on the wire and how they travel. Nothing here is for users; it may change at any time. */
@NullMarked
package io.mlflowgateway.langchain4j.internal;

import org.jspecify.annotations.NullMarked;
