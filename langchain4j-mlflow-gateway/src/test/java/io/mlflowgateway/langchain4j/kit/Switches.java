package io.mlflowgateway.langchain4j.kit;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What a suite says about the model in its methods that are claims: those that say no, and why. */
final class Switches {

    private static final Pattern CLAIM = Pattern.compile("(?:supports|assert|verify)[A-Z]\\w*");

    private Switches() {}

    /** {@return the reason of each switch that is off; empty where none is given} */
    static Map<String, String> of(Object suite) {
        Map<String, String> off = new TreeMap<>();
        for (Class<?> type = suite.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (isSwitch(method) && !says(method, suite)) {
                    off.merge(method.getName(), reason(suite.getClass(), method), (ours, theirs) -> ours);
                }
            }
        }
        return off;
    }

    private static boolean isSwitch(Method method) {
        return method.getReturnType() == boolean.class
                && method.getParameterCount() <= 1
                && !method.isSynthetic()
                && CLAIM.matcher(method.getName()).matches();
    }

    private static boolean says(Method method, Object suite) {
        try {
            method.setAccessible(true);
            return (boolean) method.invoke(suite, new Object[method.getParameterCount()]);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " cannot be asked", e);
        }
    }

    private static String reason(Class<?> suite, Method method) {
        return Arrays.stream(suite.getDeclaredMethods())
                .filter(ours -> ours.getName().equals(method.getName()))
                .map(ours -> Optional.ofNullable(ours.getAnnotation(Because.class)))
                .flatMap(Optional::stream)
                .map(Because::value)
                .findFirst()
                .orElse("");
    }
}
