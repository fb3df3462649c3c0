package dev.retune.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** The arrows of docs/architecture.md in words. The modules' poms keep most of them already. */
@AnalyzeClasses(packages = "dev.retune", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule apiIsDataOnly =
      noClasses()
          .that()
          .resideInAPackage("dev.retune.api..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("dev.retune.api..", "java..", "org.jspecify..")
          .because("everything else may use the API's types, in an agent as in a web page");

  @ArchTest
  static final ArchRule kubeletIsPure =
      noClasses()
          .that()
          .resideInAPackage("dev.retune.kubelet..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.retune.api..",
              "dev.retune.kube..",
              "java.net..",
              "java.nio.file..",
              "org.snakeyaml..")
          .because(
              "what a kubelet accepts is a function of a document, without I/O, and read as a"
                  + " kubelet reads it");

  @ArchTest
  static final ArchRule agentIsSmall =
      noClasses()
          .that()
          .resideInAnyPackage("dev.retune.agent..", "dev.retune.kube..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "com.fasterxml.jackson.databind..",
              "java.net.http..",
              "picocli..",
              "dev.retune.sandbox..",
              "dev.retune.cli..")
          .because("it runs on every node, and its memory is counted");

  @ArchTest
  static final ArchRule coreIsPure =
      noClasses()
          .that()
          .resideInAPackage("dev.retune.agent.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.net..",
              "java.util.concurrent..",
              "dev.retune.kube..",
              "dev.retune.agent.store..",
              "dev.retune.agent.node..",
              "dev.retune.agent.cluster..",
              "dev.retune.agent.metrics..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .because("the state of a node is a function, so that one test can walk all of it");

  @ArchTest
  static final ArchRule sandboxKnowsNoAgent =
      noClasses()
          .that()
          .resideInAPackage("dev.retune.sandbox..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.retune.agent..", "dev.retune.cli..")
          .because("it stands in for a cluster, which knows nothing of Retune but its kinds");

  @ArchTest
  static final ArchRule rolloutsArePlannedPurely =
      noClasses()
          .that()
          .resideInAPackage("dev.retune.controller.rollout..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..", "java.net..", "java.util.concurrent..", "dev.retune.kube..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .because("a controller that is killed goes on from what the cluster says (ROLL-4)");
}
