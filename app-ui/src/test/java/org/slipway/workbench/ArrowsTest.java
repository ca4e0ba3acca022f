package org.slipway.workbench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.slipway.model.test.Requirement;

/** The walls of the window: what it may use, and that its packages have no cycles. */
@AnalyzeClasses(packages = "org.slipway.workbench", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {

    @ArchTest
    @Requirement("EXT-DAEMON-03")
    static void theWindowKnowsNoHelperAndNoNativeCalls(JavaClasses window) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slipway.helper..", "com.sun.jna..", "java.lang.foreign..")
                .because("the window has no privilege and does everything through the socket")
                .check(window);
    }

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

    @ArchTest
    static final ArchRule VERSIONS_ARE_TOLD_APART_BY_THE_PROFILES_ALONE = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.slipway.model.profile.SpecVersion")
            .orShould()
            .callMethod("org.slipway.model.profile.Profile", "draft")
            .because("a profile is data that others read; which version it is, they do not ask");
}
