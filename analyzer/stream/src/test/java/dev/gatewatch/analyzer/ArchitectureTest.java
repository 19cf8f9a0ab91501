package dev.gatewatch.analyzer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The order of the packages, and what stays out of them.
class ArchitectureTest {
    private static final String ROOT = "dev.gatewatch.analyzer";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.gatewatch.analyzer", "dev.gatewatch.wire", "dev.gatewatch.incident");

    /// Each package, and what it may use of the others.
    private static Map<String, List<String>> order() {
        Map<String, List<String>> order = new LinkedHashMap<>();
        order.put("grammar", List.of());
        order.put("signal", List.of("grammar"));
        order.put("explain", List.of("grammar", "signal"));
        order.put("host", List.of("signal"));
        order.put("service", List.of("signal", "host"));
        order.put("burst", List.of("signal", "host", "service"));
        order.put("read", List.of("grammar", "signal", "host", "service"));
        order.put("table", List.of("host", "service"));
        order.put("cause", List.of("signal", "host", "service", "burst"));
        order.put("report", List.of("signal", "host", "service", "burst", "cause"));
        order.put("serde", List.of());
        return order;
    }

    @Test
    void each_package_uses_only_those_before_it() {
        order().forEach((name, before) -> {
            String[] allowed = java.util.stream.Stream.concat(java.util.stream.Stream.of(name), before.stream())
                    .map(p -> ROOT + "." + p + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + name + "..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(ROOT + "..").and(resideOutsideOfPackages(allowed)))
                    .because("the stages are " + order().keySet())
                    .check(CLASSES);
        });
    }

    @Test
    void every_package_has_its_place_in_the_order() {
        String[] known = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(ROOT),
                        order().keySet().stream().map(p -> ROOT + "." + p))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(ROOT + "..")
                .should()
                .resideInAnyPackage(known)
                .check(CLASSES);
    }

    @Test
    void no_packages_depend_on_each_other_in_a_circle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void the_contracts_know_nothing_of_streams_nor_of_the_analyzer() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.gatewatch.wire..", "dev.gatewatch.incident..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka.streams..", ROOT + "..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.gatewatch.incident..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "dev.gatewatch.wire..")
                .check(CLASSES);
        classes()
                .that()
                .resideInAPackage("dev.gatewatch.wire..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "dev.gatewatch.wire..",
                        "org.apache.kafka.common.header..",
                        "org.jspecify.annotations..")
                .check(CLASSES);
    }

    @Test
    void only_the_shells_know_kafka() {
        noClasses()
                .that(resideInAnyPackage(ROOT + "..")
                        .and(resideOutsideOfPackages(ROOT, ROOT + ".table..", ROOT + ".serde..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void grammars_use_nothing_but_the_language_and_no_regular_expressions() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".grammar..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.regex..")
                .check(CLASSES);
        classes()
                .that()
                .resideInAPackage(ROOT + ".grammar..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", ROOT + ".grammar..", "org.jspecify.annotations..")
                .check(CLASSES);
    }

    @Test
    void only_the_shells_know_what_time_it_is() {
        noClasses()
                .that(resideInAnyPackage(ROOT + ".*..", "dev.gatewatch.wire..", "dev.gatewatch.incident.."))
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .orShould()
                .callMethod(InstantSource.class, "system")
                .check(CLASSES);
    }
}
