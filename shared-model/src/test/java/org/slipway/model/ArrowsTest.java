package org.slipway.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of what window and helper share: what it may use, and that its packages have no cycles. */
@AnalyzeClasses(packages = "org.slipway.model", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {

    @ArchTest
    static final ArchRule ONLY_THE_JDK_AND_JACKSON = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "org.slipway.model..",
                    "java..",
                    "tools.jackson..",
                    "com.fasterxml.jackson.annotation..",
                    "org.jspecify.annotations..")
            .because("both programs carry whatever this module needs");

    @ArchTest
    static final ArchRule NOBODY_SERVES = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.net.ServerSocket")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.channels.ServerSocketChannel")
            .because("only the helper listens");

    @ArchTest
    static final ArchRule DECIDING_IS_PURE = noClasses()
            .that()
            .resideInAnyPackage(
                    "..json..",
                    "..finding..",
                    "..spec..",
                    "..profile..",
                    "..plan..",
                    "..check..",
                    "..conformance..",
                    "..state..",
                    "..text..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..", "java.util.concurrent..")
            .because("text to findings and to a plan is a pure function: no disk, no socket, no thread");

    @ArchTest
    static final ArchRule PROCESSES_ARE_STARTED_ELSEWHERE = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .because("only the helper starts programs");

    @ArchTest
    static final ArchRule VERSIONS_ARE_TOLD_APART_BY_THE_PROFILES_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage("org.slipway.model.profile")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.slipway.model.profile.SpecVersion")
            .orShould()
            .callMethod("org.slipway.model.profile.Profile", "draft")
            .because("a profile is data that others read; which version it is, they do not ask");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = slices().matching("org.slipway.model.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package is one subject, which can be read and changed alone");
}
