# shellcheck shell=bash disable=SC2034,SC2154
# Sourced: builds what is stale. Needs $project, the root of the tree.

build_stamp=$project/packaging/target/built

# Whether a source is newer than the last build, or there was none.
build_is_stale() {
    [ -e "$build_stamp" ] && [ -x "$project/packaging/target/slipway/bin/slipway" ] || return 0
    [ -n "$(find "$project" \( -name target -o -name '.*' ! -name .mvn -o -name slipway-tour \) -prune -o \
        -type f -newer "$build_stamp" -print -quit)" ]
}

# Runs Maven in the tree, with the JDK that was found. Arguments are Maven's.
build_maven() {
    local javac
    javac=$(find_java javac) || fail "$(no_jdk_sentence)"
    (cd "$project" && JAVA_HOME=$(dirname "$(dirname "$javac")") mvn -B -ntp "$@" < /dev/null)
}

no_jdk_sentence() {
    echo "a JDK (with javac) of release $slipway_java_needed or newer is needed; none was found by JAVA_HOME, on PATH or in" \
        "/usr/lib/jvm, and this distribution has no package of one. Install one, for example Temurin, and try again"
}

# Builds all without the tests, in silence unless it fails; the whole output is in packaging/target/build.log. The stamp is as old as the beginning, so that what changes meanwhile is built next time.
build_all() {
    local started log=$project/packaging/target/build.log
    started=$(mktemp)
    mkdir -p "$(dirname "$log")"
    if ! build_maven -DskipTests package > "$log" 2>&1; then
        grep -E '^\[ERROR\]|error:|warning:|: line ' "$log" | head -30 >&2
        say "the whole output is in $log" >&2
        rm -f "$started"
        return 1
    fi
    touch -r "$started" "$build_stamp"
    rm -f "$started"
}
