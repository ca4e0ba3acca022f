package org.slipway.model.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Report;
import org.slipway.model.finding.Rules;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.model.json.Place;
import org.slipway.model.json.Pointer;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Plan;
import org.slipway.model.spec.Spec;
import tools.jackson.databind.JsonNode;

/**
 * A configuration of any profile, read as one of release 1.3: rules and compiler see that, and whatever they say of it is told of
 * the place where the value stands in the text that was read.
 */
public final class Reading {

    private final Profile profile;
    private final Document original;
    private final Document upgraded;
    private final Rewriting rewriting;
    private final Choice choice;

    private Reading(Choice choice, Document original, Document upgraded, Rewriting rewriting) {
        this.profile = choice.profile();
        this.choice = choice;
        this.original = original;
        this.upgraded = upgraded;
        this.rewriting = rewriting;
    }

    /** Reads a document by the profile that its version selects. */
    public static Reading of(Document document) {
        return of(document, Optional.empty());
    }

    /**
     * Reads a document.
     *
     * @param forced the profile to read it by, whatever version it names
     */
    public static Reading of(Document document, Optional<Profile> forced) {
        Choice choice = Choice.of(document, forced);
        Rewriting rewriting = new Rewriting(document.tree(), choice.profile().draft());
        upgrade(rewriting, choice.profile(), Profiles.newest());
        boolean same = rewriting.converted().isEmpty();
        return new Reading(choice, document, same ? document : document.saying(rewriting.tree()), rewriting);
    }

    /** Follows the chain from one profile to another. */
    static void upgrade(Rewriting rewriting, Profile from, Profile to) {
        int last = Profiles.index(to.name());
        for (int i = Profiles.index(from.name()) + 1; i <= last; i++) {
            Profile next = Profiles.all().get(i);
            Chain.into(next).forEach(change -> rewriting.apply(next.name(), change));
        }
    }

    /** By which rules it is read. */
    public Profile profile() {
        return profile;
    }

    /** The text as it was read. */
    public Document original() {
        return original;
    }

    /** The same in the shape of release 1.3; its version is still the one that was read. */
    public Document upgraded() {
        return upgraded;
    }

    /** What was changed on the way. */
    public List<Converted> converted() {
        return rewriting.converted();
    }

    /** Where what a pointer of the upgraded document leads to stands in the text that was read. */
    public String origin(String pointer) {
        return rewriting.origin(pointer);
    }

    /** What it says, with the rules of its profile. A configuration without errors is asked for. */
    public Spec spec() {
        Spec spec = Spec.read(upgraded.tree());
        boolean removing = profile.operations().autoremove()
                && original.at("/root/autoremove").map(JsonNode::asBoolean).orElse(false);
        return spec.of(
                profile.draft() ? profile.version() : spec.ociVersion(),
                removing ? profile.lifecycle().removing() : profile.lifecycle());
    }

    /** Everything that its text is told of, in the order of the text. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>(choice.findings());
        findings.addAll(ShapeRules.check(profile, original));
        findings.addAll(ignored());
        Rules.check(upgraded, profile.strictness()).stream().map(this::mapped).forEach(findings::add);
        findings.addAll(
                LaterRules.check(profile, upgraded).stream().map(this::mapped).toList());
        Set<String> told = new HashSet<>();
        return findings.stream()
                .sorted(Comparator.comparingInt(Finding::line)
                        .thenComparingInt(Finding::column)
                        .thenComparing(Finding::severity)
                        .thenComparing(Finding::code)
                        .thenComparing(Finding::pointer))
                .filter(finding -> told.add(finding.code() + finding.pointer()))
                .toList();
    }

    /** What is said of the upgraded document, at its place in the text that was read. */
    public Finding told(Severity severity, String code, String pointer, Map<String, String> arguments) {
        return mapped(Rules.finding(upgraded, severity, code, pointer, arguments));
    }

    /** Plans of the upgraded configuration, each step asked for by where the member stands in the text that was read. */
    public Compiled.Ready traced(Compiled.Ready plans) {
        if (rewriting.converted().isEmpty()) {
            return plans;
        }
        return new Compiled.Ready(
                traced(plans.create()),
                plans.start().map(this::traced),
                plans.cgroups(),
                plans.killable(),
                plans.freezer());
    }

    private Plan traced(Plan plan) {
        return plan.asked(
                origin -> origin instanceof Origin.Field(String pointer) ? new Origin.Field(origin(pointer)) : origin);
    }

    /** Members that came later, and values for which there was no place, are left out: nobody should wonder why. */
    private List<Finding> ignored() {
        Report report = new Report(original);
        for (Converted change : rewriting.converted()) {
            if (change.code().equals("member-later")) {
                report.warning(
                        "member-later", change.from().orElse(""), "config.md §Extensibility", change.arguments());
            } else if (change.code().equals("member-taken")) {
                report.warning(
                        "member-taken", change.from().orElse(""), "config.md §Extensibility", change.arguments());
            } else if (change.code().equals("cwd-relative")) {
                report.warning("cwd-relative", change.from().orElse(""), "config.md §Process", change.arguments());
            }
        }
        return report.findings();
    }

    private Finding mapped(Finding finding) {
        if (rewriting.converted().isEmpty()) {
            return finding;
        }
        String pointer = origin(finding.pointer());
        Place place = place(pointer);
        return new Finding(
                finding.code(),
                finding.severity(),
                pointer,
                place.line(),
                place.column(),
                finding.arguments(),
                finding.rule(),
                finding.fix().filter(this::fits));
    }

    /** Whether an edit of the upgraded document is one of the text too: where nothing around it has moved. */
    private boolean fits(Edit fix) {
        String pointer = switch (fix) {
            case Edit.Set set -> set.pointer();
            case Edit.Remove remove -> remove.pointer();
            case Edit.Rename rename -> rename.pointer();
            case Edit.Insert insert -> insert.array();
            case Edit.Move move -> move.array();
        };
        return origin(pointer).equals(pointer) && original.at(pointer).equals(upgraded.at(pointer));
    }

    private Place place(String pointer) {
        for (String at = pointer; ; at = Pointer.parent(at)) {
            Optional<Place> place = original.place(at);
            if (place.isPresent()) {
                return place.get();
            }
        }
    }
}
