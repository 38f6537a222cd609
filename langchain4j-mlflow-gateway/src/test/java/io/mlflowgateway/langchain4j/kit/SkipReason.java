package io.mlflowgateway.langchain4j.kit;

import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Why a case of the kit is not run. */
final class SkipReason {

    private SkipReason() {}

    static String of(ExtensionContext context, Optional<String> told) {
        Method method = context.getRequiredTestMethod();
        DisabledIf refusal = method.getAnnotation(DisabledIf.class);
        if (refusal != null) {
            return "asks for a refusal of what the model can do: `" + refusal.value() + "` is on";
        }
        EnabledIf ability = method.getAnnotation(EnabledIf.class);
        if (ability != null) {
            return "`" + ability.value() + "` is off";
        }
        Disabled excluded = method.getAnnotation(Disabled.class);
        return excluded == null ? told.orElse("") : excluded.value();
    }
}
