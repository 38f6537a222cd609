package io.mlflowgateway.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.secret.Secret;
import java.io.ObjectInputStream;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/** Who may know whom, and what nobody does, in a house whose packages stand below one root. */
final class ArchitectureRules {
    private static final Set<String> WAITING = Set.of("toIterable", "toStream");

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    /** Every rule by its name. */
    Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("the_middle_knows_no_other_package", middle());
        // A package and those below it count as one.
        rules.put("no_cycles", slices().matching(root + ".(*)..").should().beFreeOfCycles());
        rules.put("netty_stays_at_the_edges", netty());
        rules.put("json_stays_out_of_edge_middle_and_routing", json());
        rules.put("the_metrics_library_stays_in_usage", only("usage", "io.micrometer..", "io.prometheus.."));
        rules.put("the_logging_library_stays_in_log", only("log", "ch.qos.logback.."));
        rules.put("dialects_never_meet_providers", never(in("api"), in("provider")));
        rules.put("providers_never_meet_dialects_or_the_edge", never(in("provider"), in("api", "http", "upstream")));
        rules.put("providers_open_no_connection", connections());
        rules.put("providers_read_no_clock", clocks());
        rules.put("the_wall_clock_is_read_in_these_places_only", wallClock());
        rules.put("a_table_of_routes_is_made_in_routing", tables());
        rules.put("a_table_of_routes_is_put_in_force_by_the_gateway", putInForce());
        rules.put("calls_never_touch_the_store", never(onTheWay(), in("store")));
        rules.put("nothing_waits_for_a_publisher", nobody("waits for a publisher", ArchitectureRules::waits));
        rules.put("nobody_subscribes_but_the_edges", subscriptions());
        rules.put("nothing_sleeps_but_the_file_watcher", sleep());
        rules.put("no_process_is_started", processes());
        rules.put("no_process_is_started_by_the_runtime", nobody("starts a process", target(Runtime.class, "exec")));
        rules.put("json_carries_no_type_names", typeNames());
        rules.put("json_has_no_default_typing", nobody("turns default typing on", ArchitectureRules::typing));
        rules.put("nothing_that_comes_in_becomes_code", code());
        rules.put("secrets_are_revealed_in_these_places_only", secrets());
        rules.put("classes_are_final", finality());
        rules.put(
                "there_is_no_static_state", fields().that().areStatic().should().beFinal());
        rules.put("null_stays_out", nullness());
        rules.put("packages_are_named_for_what_they_do", names());
        return rules;
    }

    private ArchRule middle() {
        return classes()
                .that()
                .resideInAnyPackage(in("query"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        root + ".query..", "java..", "reactor.core..", "org.reactivestreams..", "org.jspecify..");
    }

    /** The gateway makes the event loops that both edges share. */
    private ArchRule netty() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(in("http", "upstream"))
                .and()
                .doNotHaveFullyQualifiedName(root + ".Gateway")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "reactor.netty..");
    }

    private ArchRule json() {
        return noClasses()
                .that()
                .resideInAnyPackage(in("http", "query", "routing", "limit", "usage", "log"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml.jackson..", root + ".json..");
    }

    private ArchRule only(String knows, String... library) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(in(knows))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library);
    }

    private static ArchRule never(String[] those, String[] others) {
        return noClasses()
                .that()
                .resideInAnyPackage(those)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private ArchRule connections() {
        return noClasses()
                .that()
                .resideInAnyPackage(in("provider"))
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.net\\..*(Socket|Connection|http\\.).*|javax\\.net\\..*|java\\.nio\\.channels\\..*");
    }

    private ArchRule clocks() {
        return noClasses()
                .that()
                .resideInAnyPackage(in("provider"))
                .should()
                .accessTargetWhere(access("reads a clock", ArchitectureRules::readsClock));
    }

    /** Limits and timeouts count on the monotonic clock: a jump of the other one must change nothing but what is shown. */
    private ArchRule wallClock() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(in("config", "log"))
                .and()
                .doNotHaveFullyQualifiedName(root + ".Gateway")
                .and()
                .doNotHaveFullyQualifiedName(root + ".credential.ServiceAccountGrant")
                .and()
                .doNotHaveFullyQualifiedName(root + ".credential.AwsFetch")
                .and()
                .doNotHaveFullyQualifiedName(root + ".http.HttpDate")
                .and()
                .doNotHaveFullyQualifiedName(root + ".routing.ProviderTarget")
                .and()
                .doNotHaveFullyQualifiedName(root + ".routing.RetryAfter")
                .should()
                .accessTargetWhere(access("reads the wall clock", ArchitectureRules::readsWallClock));
    }

    private static boolean readsClock(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return readsWallClock(access)
                || owner.isEquivalentTo(Deadline.class)
                || (owner.isEquivalentTo(System.class) && access.getName().equals("nanoTime"));
    }

    private static boolean readsWallClock(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getName();
        return (owner.getPackageName().equals("java.time") && name.equals("now"))
                || owner.getFullName().equals("java.time.Clock")
                || owner.getFullName().equals("java.util.Date")
                || (owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis"));
    }

    private ArchRule tables() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(in("routing"))
                .should()
                .accessTargetWhere(access("makes a table of routes", target(RouteTable.class, "<init>")));
    }

    private ArchRule putInForce() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(root + ".Gateway")
                .should()
                .accessTargetWhere(access("puts routes in force", target(Routes.class, "replace")));
    }

    private String[] onTheWay() {
        return in("http", "api", "query", "auth", "limit", "guard", "cache", "usage", "trace", "routing", "provider");
    }

    private static boolean waits(JavaAccess<?> access) {
        String name = access.getName();
        return isPublisher(access.getTargetOwner()) && (name.startsWith("block") || WAITING.contains(name));
    }

    /** A token that is fetched belongs to no call: whoever waits for it may leave. */
    private ArchRule subscriptions() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(in("http", "upstream"))
                .and()
                .doNotHaveFullyQualifiedName(root + ".credential.FetchedCredential")
                .should()
                .accessTargetWhere(access(
                        "subscribes",
                        access -> isPublisher(access.getTargetOwner())
                                && access.getName().equals("subscribe")));
    }

    private static boolean isPublisher(JavaClass owner) {
        return owner.isAssignableTo("org.reactivestreams.Publisher");
    }

    private ArchRule sleep() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(root + ".config.FolderWatch")
                .should()
                .accessTargetWhere(access(
                        "sleeps",
                        access -> access.getName().equals("sleep")
                                && access.getTargetOwner().getPackageName().startsWith("java.")));
    }

    private static ArchRule processes() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Process.class);
    }

    private static ArchRule typeNames() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("com.fasterxml.jackson.annotation.JsonTypeInfo")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson.databind.jsontype..");
    }

    private static boolean typing(JavaAccess<?> access) {
        return access.getTargetOwner().getPackageName().startsWith("com.fasterxml.jackson.databind")
                && access.getName().contains("DefaultTyping");
    }

    /** Scripts, look-ups that load classes, objects made from a stream, classes loaded while running. */
    private static ArchRule code() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.script..", "javax.naming..", "java.rmi..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.beans.XMLDecoder")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(URLClassLoader.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.yaml.snakeyaml.constructor.Constructor");
    }

    /** To be put on a wire by a provider, to be looked for in texts, to be compared. */
    private ArchRule secrets() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(root + ".provider.CredentialHeader")
                .and()
                .doNotHaveFullyQualifiedName(root + ".provider.aws.SigV4")
                .and()
                .doNotHaveFullyQualifiedName(root + ".provider.aws.ContainerCredentials")
                .and()
                .doNotHaveFullyQualifiedName(root + ".credential.ClientCredentialsGrant")
                .and()
                .resideOutsideOfPackage(root + ".secret")
                .should()
                .accessTargetWhere(access("reveals a secret", target(Secret.class, "reveal")));
    }

    private static ArchRule finality() {
        return classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotAnonymousClasses()
                .and()
                .areNotEnums()
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .should()
                .haveModifier(JavaModifier.FINAL);
    }

    private static ArchRule nullness() {
        return classes().should(new ArchCondition<>("reside in a package marked @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is not @NullMarked"));
            }
        });
    }

    private static ArchRule names() {
        return noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..impl..", "..model..", "..dto..", "..manager..");
    }

    private static ArchRule nobody(String does, Predicate<JavaAccess<?>> what) {
        return noClasses().should().accessTargetWhere(access(does, what));
    }

    private static DescribedPredicate<JavaAccess<?>> access(String does, Predicate<JavaAccess<?>> what) {
        return DescribedPredicate.describe(does, what);
    }

    private static Predicate<JavaAccess<?>> target(Class<?> owner, String name) {
        return access -> access.getTargetOwner().isEquivalentTo(owner)
                && access.getName().equals(name);
    }

    private String[] in(String... packages) {
        return Arrays.stream(packages).map(name -> root + "." + name + "..").toArray(String[]::new);
    }
}
