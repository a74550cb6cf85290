// SPDX-License-Identifier: Apache-2.0
package dev.warren.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The architecture as tests: who may see whom between modules and inside the provider.
 *
 * <p>The rules judge the compiled main classes of all modules. A package that does not exist yet
 * breaks no rule; a package of the provider that has no place in {@link #PUT_ORDER} does.
 */
class ArchitectureTest {
  private static final String ROOT = "dev.warren";

  /** A scan that finds fewer has looked in the wrong place, and its rules would prove nothing. */
  private static final int LEAST_CLASSES = 25;

  /** Each module's package and the packages of other modules that it may import. */
  private static final Map<String, Set<String>> MODULES =
      Map.of(
          "dev.warren.sync", Set.of(),
          "dev.warren.jcache", Set.of("dev.warren.sync"),
          "dev.warren.transport", Set.of("dev.warren.sync"),
          "dev.warren.persistence", Set.of("dev.warren.sync"),
          "dev.warren.embedded", Set.of("dev.warren.sync"),
          "dev.warren.testkit", Set.of("dev.warren.sync"),
          "dev.warren.examples",
              Set.of(
                  "dev.warren.jcache",
                  "dev.warren.embedded",
                  "dev.warren.persistence",
                  "dev.warren.sync"));

  /**
   * Packages of the provider in the order in which a {@code put} meets them. Each may import only
   * what stands in a later line; packages on one line are siblings that never import each other.
   */
  private static final List<Set<String>> PUT_ORDER =
      List.of(
          Set.of("dev.warren.jcache"),
          Set.of("dev.warren.jcache.internal.manager"),
          Set.of("dev.warren.jcache.internal.cache"),
          Set.of(
              "dev.warren.jcache.internal.event",
              "dev.warren.jcache.internal.replication",
              "dev.warren.jcache.internal.management"),
          Set.of("dev.warren.jcache.internal.operation"),
          Set.of("dev.warren.jcache.internal.integration"),
          Set.of("dev.warren.jcache.internal.store"),
          Set.of("dev.warren.jcache.internal.expiry"),
          Set.of("dev.warren.jcache.internal.copy"),
          Set.of("dev.warren.jcache.config"),
          Set.of("dev.warren.jcache.api"));

  /** What users and other modules may import; all else is in a package {@code internal}. */
  private static final Set<String> PUBLIC_PACKAGES =
      Set.of(
          "dev.warren.jcache",
          "dev.warren.jcache.api",
          "dev.warren.jcache.config",
          "dev.warren.transport",
          "dev.warren.persistence",
          "dev.warren.embedded");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void scan_always_seesTheClasses() {
    assertThat(MAIN.stream().filter(type -> !type.getSimpleName().equals("package-info")))
        .hasSizeGreaterThanOrEqualTo(LEAST_CLASSES);
    assertThat(MAIN.stream().map(ArchitectureTest::moduleOf).distinct())
        .as("every module has a line in MODULES and is on the class path")
        .containsExactlyInAnyOrderElementsOf(MODULES.keySet());
  }

  @Test
  void packages_always_haveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(MAIN);
  }

  @TestFactory
  Stream<DynamicTest> modules_always_seeOnlyWhatTheyMay() {
    return MODULES.entrySet().stream()
        .map(
            module ->
                dynamicTest(
                    module.getKey(),
                    () ->
                        noClasses()
                            .that()
                            .resideInAPackage(module.getKey() + "..")
                            .should()
                            .dependOnClassesThat(
                                describe(
                                    "are of another module than " + module.getValue(),
                                    target ->
                                        target.getPackageName().startsWith(ROOT + ".")
                                            && !moduleOf(target).equals(module.getKey())
                                            && !module.getValue().contains(moduleOf(target))))
                            .check(MAIN)));
  }

  @Test
  void providerPackages_always_importOnlyWhatStandsBelow() {
    classes().that().resideInAPackage("dev.warren.jcache..").should(importOnlyBelow()).check(MAIN);
  }

  @Test
  void internalPackages_always_areSeenOnlyByTheirModule() {
    noClasses()
        .should(
            new ArchCondition<JavaClass>("depend on internal packages of another module") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                    .filter(
                        dependency ->
                            dependency.getTargetClass().getPackageName().startsWith(ROOT + "."))
                    .filter(dependency -> isInternal(dependency.getTargetClass()))
                    .filter(
                        dependency -> !moduleOf(dependency.getTargetClass()).equals(moduleOf(type)))
                    .forEach(
                        dependency ->
                            events.add(
                                SimpleConditionEvent.satisfied(type, dependency.getDescription())));
              }
            })
        .check(MAIN);
  }

  @Test
  void classes_outsidePublicPackages_areInternal() {
    classes()
        .that()
        .resideInAnyPackage(
            "dev.warren.jcache..",
            "dev.warren.transport..",
            "dev.warren.persistence..",
            "dev.warren.embedded..")
        .and(
            describe(
                "are in no public package",
                type -> !PUBLIC_PACKAGES.contains(type.getPackageName())))
        .should()
        .resideInAPackage(ROOT + "..internal..")
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void packages_always_areNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : MAIN) {
      JavaPackage home = type.getPackage();
      if (home.tryGetPackageInfo().filter(i -> i.isAnnotatedWith(NullMarked.class)).isEmpty()) {
        unmarked.add(home.getName());
      }
    }
    assertThat(unmarked).as("packages without @NullMarked in their package-info").isEmpty();
  }

  @Test
  void libraries_always_logInsteadOfPrinting() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.warren.examples..", "dev.warren.testkit..")
        .should(ACCESS_STANDARD_STREAMS)
        .check(MAIN);
  }

  @Test
  void tests_always_waitForSomethingInsteadOfSleeping() throws IOException {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(testClasses());
  }

  /** The compiled tests of all modules that are built beside this one, and the test kit. */
  private static JavaClasses testClasses() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      List<Path> folders =
          modules
              .flatMap(
                  module ->
                      Stream.of(
                          module.resolve("target/test-classes"),
                          module.resolve("target/classes/dev/warren/testkit")))
              .filter(Files::isDirectory)
              .toList();
      assertThat(folders).as("folders of compiled tests").isNotEmpty();
      return new ClassFileImporter().importPaths(folders);
    }
  }

  private static ArchCondition<JavaClass> importOnlyBelow() {
    return new ArchCondition<>("import only what stands below in PUT_ORDER") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Optional<Place> from = Place.of(type);
        if (from.isEmpty()) {
          String message = type.getName() + " is in a package without a place in PUT_ORDER";
          events.add(SimpleConditionEvent.violated(type, message));
          return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          Place.of(dependency.getTargetClass())
              .filter(to -> !from.get().maySee(to))
              .ifPresent(
                  to ->
                      events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
        }
      }
    };
  }

  /** Where a class of the provider stands: its line in {@link #PUT_ORDER} and its package there. */
  private record Place(int line, String home) {
    static Optional<Place> of(JavaClass type) {
      String name = type.getPackageName();
      for (int line = 0; line < PUT_ORDER.size(); line++) {
        for (String home : PUT_ORDER.get(line)) {
          // The provider's own package is above all others, so only it itself counts.
          if (name.equals(home) || (line > 0 && name.startsWith(home + "."))) {
            return Optional.of(new Place(line, home));
          }
        }
      }
      return Optional.empty();
    }

    boolean maySee(Place other) {
      return other.line > line || other.home.equals(home);
    }
  }

  private static boolean isInternal(JavaClass type) {
    return (type.getPackageName() + ".").contains(".internal.");
  }

  /** {@code dev.warren.jcache} for a class of {@code dev.warren.jcache.internal.store}. */
  private static String moduleOf(JavaClass type) {
    String[] names = type.getPackageName().split("\\.", -1);
    return String.join(".", List.of(names).subList(0, Math.min(3, names.length)));
  }
}
