package io.mlflowgateway.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test of this, on every surface: a stage by its class's name, or a key of {@code routing:} behind that word and a dot. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Enforces {
    String[] value();
}
