package org.slipway.model.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.model.finding.Strictness;
import org.slipway.model.spec.Lifecycle;
import org.slipway.model.state.StateShape;

/** The profiles there are, from the oldest to the newest (DRAFT-01). */
public final class Profiles {

    private static final StateShape FIRST = new StateShape(List.of("version"), false, false, "bundlePath", false, true);
    private static final StateShape BOTH =
            new StateShape(List.of("ociVersion", "version"), false, false, "bundlePath", false, true);
    private static final StateShape SPLIT =
            new StateShape(List.of("ociVersion"), false, false, "bundlePath", false, true);
    private static final StateShape CANDIDATE =
            new StateShape(List.of("ociVersion"), true, false, "bundlePath", true, true);

    private static final Operations START_MAKES =
            new Operations(true, Operations.Stop.DELETES, false, false, false, true);
    private static final Operations SPLIT_DRAFT = new Operations(false, Operations.Stop.KEEPS, true, true, true, true);
    private static final Operations EARLY_CANDIDATE =
            new Operations(false, Operations.Stop.NONE, false, false, true, false);
    private static final Operations RELEASE = new Operations(false, Operations.Stop.NONE, false, false, false, true);

    private static final Strictness FIRST_RELEASE = new Strictness(true, true, true);

    private static final List<Profile> ALL = List.of(
            first("0.2", "0.2.0", false),
            first("0.3", "0.3.0", false),
            profile("0.4", "0.4.0", START_MAKES, BOTH, false),
            profile("0.5", "0.5.0", START_MAKES, BOTH, false),
            new Profile(
                    "0430aaf",
                    "0.6.0-dev",
                    new Lifecycle("0430aaf", true, true, false, false, true, false, false, SPLIT),
                    SPLIT_DRAFT,
                    FIRST_RELEASE),
            profile("1.0.0-rc1", "1.0.0-rc1", EARLY_CANDIDATE, CANDIDATE, true),
            profile("1.0.0-rc2", "1.0.0-rc2", EARLY_CANDIDATE, CANDIDATE, true),
            profile("1.0.0-rc3", "1.0.0-rc3", EARLY_CANDIDATE, CANDIDATE, true),
            profile("1.0.0-rc4", "1.0.0-rc4", EARLY_CANDIDATE, CANDIDATE, true),
            profile("1.0.0-rc5", "1.0.0-rc5", EARLY_CANDIDATE, StateShape.NEWEST, true),
            profile("1.0.0-rc6", "1.0.0-rc6", RELEASE, StateShape.NEWEST, true),
            profile("1.0", "1.0.2", RELEASE, StateShape.NEWEST, true),
            release("1.1", "1.1.0", new Strictness(true, false, true)),
            release("1.2", "1.2.1", new Strictness(false, false, true)),
            new Profile("1.3", "1.3.0", Lifecycle.NEWEST, RELEASE, Strictness.NONE));

    /** What 0.3's config.md says of poststart hooks, against its runtime.md (DRAFT-0.3-11). */
    private static final Profile LENIENT = first("0.3-config.md", "0.3.0", true);

    private static final Pattern CANDIDATE_NUMBER = Pattern.compile("rc\\.?([1-9]\\d{0,2})(?:[.-].*)?");
    private static final int LAST_CANDIDATE = 6;

    private Profiles() {}

    private static Profile first(String name, String version, boolean poststartMayFail) {
        return new Profile(
                name,
                version,
                new Lifecycle(name, false, poststartMayFail, true, true, false, false, true, FIRST),
                START_MAKES,
                FIRST_RELEASE);
    }

    private static Profile profile(
            String name, String version, Operations operations, StateShape state, boolean poststartMayFail) {
        return new Profile(
                name,
                version,
                new Lifecycle(name, false, poststartMayFail, false, false, false, false, false, state),
                operations,
                FIRST_RELEASE);
    }

    private static Profile release(String name, String version, Strictness strictness) {
        return new Profile(
                name,
                version,
                new Lifecycle(name, false, true, false, false, false, false, false, StateShape.NEWEST),
                RELEASE,
                strictness);
    }

    /** The newest one. */
    public static Profile newest() {
        return ALL.getLast();
    }

    /** All, from the oldest to the newest. */
    public static List<Profile> all() {
        return ALL;
    }

    /** The names that {@link #named} knows. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(ALL.stream().map(Profile::name).toList());
        names.add(2, LENIENT.name());
        return names;
    }

    /**
     * The profile of a name, or of a version that the specification had: {@code 0.3}, {@code 0.3.0}, {@code 0430aaf}. Forced so,
     * 1.0 and its candidates run prestart hooks in start, as their text says and nobody did (DRAFT-1.X-01).
     */
    public static Optional<Profile> named(String name) {
        if (name.equals(LENIENT.name())) {
            return Optional.of(LENIENT);
        }
        return ALL.stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .or(() -> SpecVersion.parse(name).flatMap(Profiles::of))
                .map(Profiles::byItsText);
    }

    /** The profile that a container's record names. */
    public static Profile recorded(String name, boolean prestartInStart) {
        Profile profile = name.equals(LENIENT.name())
                ? LENIENT
                : ALL.stream()
                        .filter(known -> known.name().equals(name))
                        .findFirst()
                        .orElseGet(Profiles::newest);
        return prestartInStart ? byItsText(profile) : profile;
    }

    private static Profile byItsText(Profile profile) {
        if (before(profile, "1.0.0-rc1") || !before(profile, "1.1")) {
            return profile;
        }
        Lifecycle usual = profile.lifecycle();
        Lifecycle text = new Lifecycle(
                usual.profile(),
                true,
                usual.poststartMayFail(),
                usual.targetsExist(),
                usual.filesystemsAlways(),
                usual.rereadsProcess(),
                usual.autoremove(),
                usual.stateFile(),
                usual.state());
        return new Profile(profile.name(), profile.version(), text, profile.operations(), profile.strictness());
    }

    /** The profile that a version selects; empty if it is of no known one. */
    static Optional<Profile> of(SpecVersion version) {
        return switch (version.major()) {
            case 0 ->
                switch (version.minor()) {
                    case 1, 2 -> Optional.of(exactly("0.2"));
                    case 3, 4, 5 -> Optional.of(exactly("0." + version.minor()));
                    case 6 -> Optional.of(exactly("0430aaf"));
                    default -> Optional.empty();
                };
            case 1 -> Optional.of(first(version).orElseGet(() -> release(version)));
            default -> Optional.empty();
        };
    }

    private static Optional<Profile> first(SpecVersion version) {
        if (version.minor() != 0) {
            return Optional.empty();
        }
        Matcher candidate = CANDIDATE_NUMBER.matcher(version.preRelease().orElse(""));
        return candidate.matches()
                ? Optional.of(exactly("1.0.0-rc" + Math.min(LAST_CANDIDATE, Integer.parseInt(candidate.group(1)))))
                : Optional.empty();
    }

    private static Profile release(SpecVersion version) {
        return version.minor() >= SpecVersion.NEWEST.minor() ? newest() : exactly("1." + version.minor());
    }

    static Profile exactly(String name) {
        return ALL.stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether a profile is older than the one of a name. */
    static boolean before(Profile profile, String name) {
        return index(profile.name()) < index(name);
    }

    /** Where a profile stands in the order of time. */
    static int index(String name) {
        String known = name.equals(LENIENT.name()) ? "0.3" : name;
        for (int i = 0; i < ALL.size(); i++) {
            if (ALL.get(i).name().equals(known)) {
                return i;
            }
        }
        throw new IllegalArgumentException(name);
    }
}
