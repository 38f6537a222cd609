package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.provider.Attempt;
import io.mlflowgateway.server.provider.Framing;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.aws.AwsCredentials;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.query.Principal;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Calls;
import io.mlflowgateway.server.testing.Surface;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Credentials where programs leak them: printed, serialized, compared. */
class SecretsInMemoryTest {
    private static final String CANARY = "sk-canary-5d1f0b7c";
    private static final Secret SECRET = new Secret(CANARY);
    private static final Pattern TELLING = Pattern.compile("(?i).*(header|authorization|password|credential|apikey).*");

    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.mlflowgateway.server");

    @Test
    @Proves(Row.SECRETS_IN_MEMORY)
    void secrets_in_memory_do_not_print_wherever_they_are_held() throws Exception {
        GatewayConfig config = new ConfigReader(new Providers().specs(), Map.of())
                .read(
                        "gateway.yaml",
                        Surface.config("http://127.0.0.1:1/v1", CANARY, "").getBytes(StandardCharsets.UTF_8));
        var target = config.routes().get(0).targets().get(0);
        List<Object> holders = List.of(
                SECRET,
                Optional.of(SECRET),
                List.of(SECRET),
                Map.of("key", SECRET),
                new Credential.Key(SECRET),
                new Credential.Token(SECRET),
                new TokenSource.ClientCredentials("http://h", "id", SECRET, "", false),
                new TokenSource.ServiceAccount("http://h", "id", "", SECRET, ""),
                config,
                config.routes(),
                target,
                target.settings(),
                new Attempt("m", target.settings(), Instant.EPOCH),
                new UpstreamRequest("http://h", Map.of("Authorization", "Bearer " + CANARY), new byte[0], false));

        assertThat(config.toString()).contains("Secret[***]");
        assertThat(holders).noneMatch(holder -> String.valueOf(holder).contains(CANARY));
        assertThat(String.format("%s %10.40s", SECRET, SECRET)).doesNotContain(CANARY);
        Figures.seen(
                Row.SECRETS_IN_MEMORY,
                "secrets_in_memory_do_not_print_wherever_they_are_held",
                holders.size() + " holders printed, the whole configuration among them: Secret[***]");
    }

    @Test
    @Proves(Row.SECRETS_IN_MEMORY)
    void secrets_in_memory_do_not_print_from_any_record_that_holds_headers() throws Exception {
        List<JavaClass> records = SERVER.stream().filter(JavaClass::isRecord).toList();
        int telling = 0;

        for (JavaClass type : records) {
            RecordComponent[] components = type.reflect().getRecordComponents();
            if (Arrays.stream(components).anyMatch(SecretsInMemoryTest::mayTell)) {
                assertThat(filled(type.reflect(), components).toString())
                        .as(type.getName())
                        .doesNotContain(CANARY);
                telling++;
            }
        }

        assertThat(telling).isPositive();
        Figures.seen(
                Row.SECRETS_IN_MEMORY,
                "secrets_in_memory_do_not_print_from_any_record_that_holds_headers",
                telling + " of " + records.size() + " records hold headers or the like: they print without them");
    }

    private static boolean mayTell(RecordComponent component) {
        return TELLING.matcher(component.getName()).matches()
                && !component.getType().isPrimitive();
    }

    /** An instance whose telling components are the canary, and the others empty. */
    private static Object filled(Class<?> type, RecordComponent... components) throws ReflectiveOperationException {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        var constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(
                Arrays.stream(components).map(SecretsInMemoryTest::value).toArray());
    }

    private static Object value(RecordComponent component) {
        Class<?> type = component.getType();
        String text = mayTell(component) ? CANARY : "";
        Function<String, String> asked = name -> text;
        Call call = Calls.of(Calls.route("r", Optional.empty()));
        Map<Class<?>, Object> examples = new HashMap<>(Map.of(
                String.class,
                text,
                Map.class,
                Map.of("authorization", text),
                Function.class,
                asked,
                Secret.class,
                SECRET,
                byte[].class,
                text.getBytes(StandardCharsets.UTF_8),
                int.class,
                0,
                long.class,
                0L,
                boolean.class,
                false,
                Flux.class,
                Flux.empty(),
                Notes.class,
                Calls.notes()));
        examples.putAll(Map.of(
                Framing.class,
                Framing.SSE,
                AwsCredentials.class,
                new AwsCredentials(text, SECRET, Optional.of(SECRET), Optional.empty()),
                Payload.class,
                Payload.of(text.getBytes(StandardCharsets.UTF_8)),
                Optional.class,
                Optional.of(text),
                Principal.class,
                call.principal(),
                Route.class,
                call.route(),
                Query.class,
                call.query(),
                Deadline.class,
                call.deadline()));
        examples.putAll(Map.of(
                Settings.class,
                new Settings(Map.of(), Map.of("key", SECRET)),
                Credential.class,
                new Credential.Token(SECRET),
                AwsCredentials.class,
                new AwsCredentials(CANARY, SECRET, Optional.of(SECRET), Optional.empty()),
                Supplier.class,
                (Supplier<Instant>) () -> Instant.EPOCH,
                Instant.class,
                Instant.EPOCH,
                List.class,
                List.of(),
                Set.class,
                Set.of()));
        return Objects.requireNonNull(examples.get(type), "give an example of " + type);
    }

    @Test
    @Proves(Row.SECRETS_IN_MEMORY)
    void secrets_in_memory_are_refused_by_serializers() {
        ObjectMapper curious = new ObjectMapper()
                .setVisibility(PropertyAccessor.ALL, Visibility.ANY)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);

        for (Object holder : List.of(SECRET, List.of(SECRET), Map.of("key", SECRET))) {
            assertThatThrownBy(() -> new ObjectMapper().writeValueAsString(holder))
                    .isInstanceOf(InvalidDefinitionException.class)
                    .hasMessageNotContaining(CANARY);
        }
        assertThat(written(curious)).isEqualTo("{}");
        assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(SECRET))
                .isInstanceOf(NotSerializableException.class);
        Figures.seen(
                Row.SECRETS_IN_MEMORY,
                "secrets_in_memory_are_refused_by_serializers",
                "Jackson refuses it, and finds nothing where it is told to look at private fields; Java refuses it");
    }

    private static String written(ObjectMapper mapper) {
        try {
            return mapper.writeValueAsString(SECRET);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Proves(Row.SECRETS_IN_MEMORY)
    void secrets_in_memory_are_compared_in_constant_time() {
        List<JavaMethodCall> calls =
                SERVER.get(Secret.class).getMethod("equals", Object.class).getMethodCallsFromSelf().stream()
                        .toList();
        Stream<JavaMethodCall> comparing = calls.stream()
                .filter(call ->
                        call.getName().matches("(?i)equals.*|compare.*|isEqual|contentEquals|mismatch|hashCode"));

        assertThat(comparing)
                .singleElement()
                .satisfies(call -> assertThat(call.getTargetOwner().isEquivalentTo(MessageDigest.class))
                        .isTrue());
        assertThat(SECRET)
                .isEqualTo(new Secret(CANARY))
                .isNotEqualTo(new Secret(CANARY + "x"))
                .isNotEqualTo(new Secret("sk-canary-5d1f0b7d"))
                .isNotEqualTo(CANARY);
        Figures.seen(
                Row.SECRETS_IN_MEMORY,
                "secrets_in_memory_are_compared_in_constant_time",
                "MessageDigest.isEqual is the only comparison in Secret.equals");
    }
}
