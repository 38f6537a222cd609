package io.mlflowgateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.mlflowgateway.server.Enforces;
import io.mlflowgateway.server.SurfaceMatrix;
import io.mlflowgateway.server.config.OnUnsupported;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.QueryPipeline;
import io.mlflowgateway.server.query.Stage;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.testing.Surface;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing is served and no policy exists that the matrix of surfaces and policies does not try. */
class MatrixCoverageTest {
    private static final String ROOT = "io.mlflowgateway.server";
    private static final Set<String> NOT_QUERIES = Set.of("/api/2.0/gateway/limits");

    @Test
    void every_path_that_takes_queries_is_a_surface_of_the_matrix_for_every_task_streamed_or_not() {
        Set<String> registered = new Surfaces(
                        new Routes(new RouteTable(List.of(), "v")), new QueryPipeline(List.of()), Map.of(), "v", 0)
                .posts();

        Set<String> missing = registered.stream()
                .filter(path -> !NOT_QUERIES.contains(path))
                .flatMap(path -> cells(path).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        missing.removeAll(tried());

        assertThat(missing).isEmpty();
        assertThat(registered).containsAll(NOT_QUERIES).hasSizeGreaterThan(5);
    }

    /** What there must be of a path: OpenAI's say the task themselves. */
    private static List<String> cells(String path) {
        return Arrays.stream(Task.values())
                .filter(task -> path.contains("{name}") || path.equals(openAi(task)))
                .flatMap(task -> List.of(cell(path, task, false), cell(path, task, task != Task.EMBEDDINGS)).stream())
                .distinct()
                .toList();
    }

    private static String openAi(Task task) {
        return switch (task) {
            case CHAT -> "/v1/chat/completions";
            case COMPLETIONS -> "/v1/completions";
            case EMBEDDINGS -> "/v1/embeddings";
        };
    }

    private static Set<String> tried() {
        return Surface.all()
                .map(surface -> cell(
                        surface.path().replaceFirst("^(/gateway|/endpoints)/[^/]+/", "$1/{name}/"),
                        surface.task(),
                        surface.streams()))
                .collect(Collectors.toSet());
    }

    private static String cell(String path, Task task, boolean streams) {
        return path + " " + task + (streams ? " streamed" : "");
    }

    @Test
    void every_stage_is_tried_on_every_surface() {
        Set<String> stages = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(ROOT).stream()
                        .filter(type -> type.isAssignableTo(Stage.class) && !type.isInterface())
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());

        assertThat(stages).isNotEmpty().isSubsetOf(enforced());
    }

    @Test
    void every_way_of_routing_is_tried_on_every_surface() throws IOException {
        JsonNode schema = Json.tree(Files.readAllBytes(Path.of("..", "docs", "gateway.schema.json")));
        Set<String> keys = schema.findValues("routing").stream()
                .flatMap(routing -> names(routing.path("properties")).stream())
                .map("routing."::concat)
                .collect(Collectors.toSet());

        assertThat(keys).isNotEmpty().isSubsetOf(enforced());
    }

    @Test
    void everything_that_is_done_with_unsupported_parameters_is_tried_on_every_surface() {
        List<String> words =
                OnUnsupported.words().stream().map("on_unsupported."::concat).toList();

        assertThat(enforced()).containsAll(words);
    }

    private static List<String> names(JsonNode properties) {
        return properties.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static Set<String> enforced() {
        return SurfaceMatrix.TESTS.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Enforces.class))
                .peek(MatrixCoverageTest::mustRunOnEverySurface)
                .flatMap(method ->
                        Arrays.stream(method.getAnnotation(Enforces.class).value()))
                .collect(Collectors.toSet());
    }

    private static void mustRunOnEverySurface(Method method) {
        MethodSource source = method.getAnnotation(MethodSource.class);
        assertThat(source).as(method.getName()).isNotNull();
        assertThat(source.value()).as(method.getName()).containsExactly("surfaces");
        assertThat(method.getParameterTypes()[0]).isEqualTo(Surface.class);
    }
}
