package org.slipway.helper;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of the helper: what it may use, and that its packages have no cycles. */
@AnalyzeClasses(packages = "org.slipway.helper", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {

    @ArchTest
    static final ArchRule THE_HELPER_KNOWS_NO_WINDOW = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javafx..", "org.slipway.workbench..")
            .because("helper and window never see each other's classes");

    @ArchTest
    static final ArchRule NATIVE_CALLS_ARE_MADE_IN_ONE_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackage("org.slipway.helper.libc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.sun.jna..")
            .because("deciding is apart from doing, and a blocking native call needs a look");

    @ArchTest
    static final ArchRule THE_JVM_STARTS_NO_PROCESS_BY_ITSELF = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .because("the launcher is spawned by posix_spawn, hooks and tools by Commons Exec");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = slices().matching("org.slipway.helper.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package is one subject, which can be read and changed alone");

    @ArchTest
    static final ArchRule VERSIONS_ARE_TOLD_APART_BY_THE_PROFILES_ALONE = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.slipway.model.profile.SpecVersion")
            .orShould()
            .callMethod("org.slipway.model.profile.Profile", "draft")
            .because("a profile is data that others read; which version it is, they do not ask");
}
