package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.langchain4j.token.TokenProvider;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that was told a secret prints it: every public type with a builder, by reflection. */
class SecretsTest {

    private static final String SECRET = "sk-fake-never-shown";

    /** Setters whose values may be secret, and what they are called with. */
    private static final Set<String> SECRET_KNOBS =
            Set.of("apiKey", "tokenProvider", "clientSecret", "customHeaders", "customQueryParams", "customParameters");

    private static final Map<String, String> REQUIRED = Map.of(
            "baseUrl", "http://127.0.0.1:1",
            "tokenUrl", "http://127.0.0.1:1/token",
            "clientId", "id");

    static Stream<Class<?>> typesWithBuilders() {
        return publicTypes().filter(type -> builderOf(type).isPresent());
    }

    @ParameterizedTest
    @MethodSource("typesWithBuilders")
    void a_type_that_was_told_secrets_does_not_print_them(Class<?> type) throws Exception {
        for (Method knob : secretKnobs(builder(type).getClass())) {
            Object builder = builder(type);
            fill(builder);
            knob.invoke(builder, secret(knob.getParameterTypes()[0]));

            Object built = builder.getClass().getMethod("build").invoke(builder);

            assertThat(builder.toString()).as("builder after %s", knob).doesNotContain(SECRET);
            assertThat(built.toString()).as("built after %s", knob).doesNotContain(SECRET);
        }
    }

    @Test
    void no_public_setter_of_a_secret_is_missed() {
        Set<String> covered = new TreeSet<>();
        typesWithBuilders().forEach(type -> covered.add(builder(type).getClass().getName()));

        Set<String> taking = new TreeSet<>();
        publicTypes()
                .filter(type -> !Modifier.isAbstract(type.getModifiers()))
                .filter(type -> !secretKnobs(type).isEmpty())
                .forEach(type -> taking.add(type.getName()));

        assertThat(covered).containsAll(taking);
        assertThat(taking).hasSizeGreaterThan(8);
    }

    @Test
    void providers_of_tokens_do_not_print_them() {
        assertThat(TokenProvider.of(SECRET).toString()).doesNotContain(SECRET);
        assertThat(TokenProvider.from(() -> SECRET).toString()).doesNotContain(SECRET);
    }

    private static Stream<Class<?>> publicTypes() {
        try {
            Path classes = Path.of(MlflowGatewayClient.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(classes)) {
                return files.map(classes::relativize).map(Path::toString).filter(SecretsTest::ofAType).toList().stream()
                        .map(SecretsTest::type)
                        .filter(type -> Modifier.isPublic(type.getModifiers()));
            }
        } catch (IOException | URISyntaxException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static boolean ofAType(String file) {
        return file.endsWith(".class") && !file.endsWith("package-info.class") && !file.contains("internal");
    }

    private static Class<?> type(String file) {
        try {
            return Class.forName(file.replace(".class", "").replace('/', '.').replace('\\', '.'));
        } catch (ClassNotFoundException impossible) {
            throw new LinkageError("no such type", impossible);
        }
    }

    private static Optional<Method> builderOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals("builder") && method.getParameterCount() == 0)
                .findFirst();
    }

    private static Object builder(Class<?> type) {
        try {
            return builderOf(type).orElseThrow().invoke(null);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("no builder", impossible);
        }
    }

    private static List<Method> secretKnobs(Class<?> builder) {
        return Arrays.stream(builder.getMethods())
                .filter(method -> SECRET_KNOBS.contains(method.getName()))
                .filter(method -> method.getParameterCount() == 1 && !method.isBridge())
                .toList();
    }

    private static void fill(Object builder) throws ReflectiveOperationException {
        for (Method method : builder.getClass().getMethods()) {
            if (REQUIRED.containsKey(method.getName()) && method.getParameterTypes()[0] == String.class) {
                method.invoke(builder, REQUIRED.get(method.getName()));
            }
            if (method.getName().equals("clientSecret")) {
                method.invoke(builder, SECRET);
            }
        }
    }

    private static Object secret(Class<?> type) {
        if (type == String.class) {
            return SECRET;
        }
        if (type == TokenProvider.class) {
            return TokenProvider.of(SECRET);
        }
        if (type == Supplier.class) {
            return (Supplier<Object>) () -> SECRET;
        }
        return Map.of("X-Key", SECRET);
    }
}
