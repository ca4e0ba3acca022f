# shellcheck shell=bash disable=SC2154
# Sourced: the tests of the packaging module, which run without Maven and with nothing but their own libraries.

# e2e_run JAVA REPORTS TAG [CLASS | -OPTION]...: those with that tag, of all classes or these; options are Java's.
e2e_run() {
    local java=$1 reports=$2 tag=$3 word options=() which=()
    shift 3
    for word; do
        case $word in
            -*) options+=("$word") ;;
            *) which+=(--select-class "org.slipway.packaging.$word") ;;
        esac
    done
    [ ${#which[@]} -gt 0 ] || which=(--scan-classpath "$packaging/target/test-classes")
    "$java" "${options[@]}" -cp "$packaging/target/test-classes:$packaging/target/test-libraries/*" \
        "-Dslipway.distribution=$packaging/target/slipway" "-Dslipway.full=${SLIPWAY_FULL:-}" \
        org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors --details=testfeed \
        "${which[@]}" --include-tag "$tag" --reports-dir "$reports" 2>&1
}
