package io.mlflowgateway.langchain4j.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Why a switch of the kit is off. Stands in the table of the documentation. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Because {

    /** A sentence without a full stop. */
    String value();
}
