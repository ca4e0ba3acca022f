package org.slipway.workbench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of the window: what it may use, and that its packages have no cycles. */
@AnalyzeClasses(packages = "org.slipway.workbench", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {

    @ArchTest
    static final ArchRule THE_WINDOW_KNOWS_NO_HELPER_AND_NO_NATIVE_CALLS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.slipway.helper..", "com.sun.jna..")
            .because("the window has no privilege and does everything through the socket");

    @ArchTest
    static final ArchRule VIEW_MODELS_KNOW_NO_CONTROL = noClasses()
            .that()
            .haveSimpleNameEndingWith("Model")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javafx.scene..", "javafx.stage..", "org.controlsfx..")
            .because("a view model is tested without a display");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = slices().matching("org.slipway.workbench.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package is one subject, which can be read and changed alone");
}
