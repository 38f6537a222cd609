package io.mlflowgateway.server.reliability;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.platform.commons.annotation.Testable;

/** Finds the methods that are marked {@link Proves} among the compiled tests. */
final class Proofs {
    private Proofs() {}

    /** Those below this package, by row, then by name. */
    static List<Proof> below(String name) {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests()).importPackages(name).stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(Proves.class))
                        .map(Proofs::of)
                        .sorted(Comparator.comparing(Proof::row).thenComparing(Proof::name))
                        .toList();
    }

    private static Proof of(JavaMethod method) {
        JavaClass owner = method.getOwner();
        boolean disabled = method.isAnnotatedWith(Disabled.class) || owner.isAnnotatedWith(Disabled.class);
        return new Proof(
                method.getAnnotationOfType(Proves.class).value(),
                owner.getSimpleName(),
                method.getName(),
                method.isMetaAnnotatedWith(Testable.class) && !disabled,
                isNightly(owner.reflect().getAnnotationsByType(Tag.class))
                        || isNightly(method.reflect().getAnnotationsByType(Tag.class)));
    }

    private static boolean isNightly(Tag... tags) {
        return Arrays.stream(tags).anyMatch(tag -> tag.value().equals("nightly"));
    }
}
