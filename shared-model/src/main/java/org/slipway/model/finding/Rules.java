package org.slipway.model.finding;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slipway.model.json.Document;

/**
 * Everything that can be judged from the text of a configuration alone, without a look at the disk or the kernel. All
 * findings come at once (CFG-12).
 */
public final class Rules {

    private static final List<BiConsumer<Config, Report>> ALL = List.of(
            StructureRules::check,
            ProcessRules::check,
            SchedulingRules::check,
            CapabilityRules::check,
            RootRules::check,
            MountRules::check,
            MountOptionRules::check,
            HookRules::check,
            AnnotationRules::check,
            NamespaceRules::check,
            MappingRules::check,
            DeviceRules::check,
            ResourceRules::check,
            SysctlRules::check,
            SeccompRules::check,
            PathRules::check);

    private Rules() {}

    /** All findings on a document, in the order of its text. */
    public static List<Finding> check(Document document) {
        return check(document, Strictness.NONE);
    }

    /** The same, as strictly as a version of the specification is. */
    public static List<Finding> check(Document document, Strictness strictness) {
        Config config = new Config(document, strictness);
        Report report = new Report(document);
        ALL.forEach(rule -> rule.accept(config, report));
        return report.findings();
    }

    /** The findings on a text: those of its document, or the one that says why it is none. */
    public static List<Finding> check(Document.Parsed parsed) {
        return switch (parsed) {
            case Document.Good good -> check(good.document());
            case Document.Broken broken -> List.of(unreadable(broken));
        };
    }

    /**
     * What stands against a configuration on a machine, as the planner says it: with its place in the text, and with the
     * section that defines the member.
     *
     * @param pointer a member, which may be missing from the text
     */
    public static Finding finding(
            Document document, Severity severity, String code, String pointer, Map<String, String> arguments) {
        Report report = new Report(document);
        report.told(code, severity, pointer, SpecTable.get().section(pointer), arguments);
        return report.findings().getFirst();
    }

    /** Whether a configuration with these findings is refused. */
    public static boolean refused(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    /** The finding on a text that is no document. */
    public static Finding unreadable(Document.Broken broken) {
        return new Finding(
                broken.reason().code(),
                Severity.ERROR,
                "",
                broken.line(),
                broken.column(),
                Map.copyOf(broken.arguments()),
                "glossary.md §JSON",
                Optional.empty());
    }
}
