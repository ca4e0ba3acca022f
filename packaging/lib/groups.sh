# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Sourced by test: running a group, counting its cases, and naming what could not run.

logs=$project/packaging/target/test
total_passed=0 total_failed=0 total_skipped=0
results=()

wanted() {
    [ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " == *" $1 "* ]]
}

# Runs group_$1, its output to a log. The group leaves its counts in passed, failed and skipped; one that ends badly
# without a failed case counts as one failure, so that nothing can go wrong in silence.
run_group() {
    local begun=$SECONDS status=0 note='' line
    passed=0 failed=0 skipped=0 log=$logs/$1.log
    group=$1
    "group_$1" > "$log" || status=$?
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
    fi
    total_passed=$((total_passed + passed)) total_failed=$((total_failed + failed)) total_skipped=$((total_skipped + skipped))
    line=$(printf '%-12s %4d passed, %d failed, %d skipped in %d s%s' "$1" "$passed" "$failed" "$skipped" \
        $((SECONDS - begun)) "${note:+: $note}")
    results+=("$line")
    say "$line"
    if [ "$failed" -gt 0 ]; then
        grep -E '^not ok|<<< (FAILURE|ERROR)|^\[ERROR\]|FAILED|error:|: line |=> ' "$log" | head -40 | cut -c 1-240 | sed 's/^/    /'
        say "    the whole output is in $log"
    elif [ "$skipped" -gt 0 ] && [ -z "$note" ]; then
        grep -E '^skip|:: (SKIPPED|ABORTED)|Skipped' "$log" | head -20 | cut -c 1-240 | sed 's/^/    /'
    fi
}

# skip_group WHY COUNT: the whole group cannot run here.
skip_group() {
    note=$1
    skipped=$2
}

# root_or_skip COUNT
root_or_skip() {
    [ "$EUID" -eq 0 ] || {
        skip_group 'needs root' "$1"
        return 1
    }
}

# How many test methods the classes of module $2 have that are tagged $1.
tagged() {
    local count
    count=$(grep -rlF "@Tag(\"$1\")" "$project/$2/src/test" 2> /dev/null | xargs -r grep -cE '@(Test|ParameterizedTest|Property)\b' |
        awk -F: '{ sum += $NF } END { print sum + 0 }')
    printf '%s\n' "$count"
}

# check NAME COMMAND...: one case.
check() {
    local name=$1
    shift
    if "$@" < /dev/null; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        echo "not ok $name"
        failed=$((failed + 1))
    fi
} 2>&1

# maven_tests GROUPS EXCLUDED [ARGUMENT]...: the tests with these tags, in all modules or those that the arguments choose.
maven_tests() {
    local wanted=$1 excluded=$2 status=0
    shift 2
    find "$project" -path '*/target/surefire-reports/*' -name '*.xml' -delete
    build_maven -Dexec.skip=true -Dmaven.test.failure.ignore=true "-Dtest.groups=$wanted" "-Dtest.excluded.groups=$excluded" \
        -Dsurefire.failIfNoSpecifiedTests=false "$@" package 2>&1 || status=$?
    count_reports "$project"/*/target/surefire-reports
    return "$status"
}

# Adds up the reports in XML below the folders named, and keeps them beside the log.
count_reports() {
    local folder file counts
    for folder; do
        [ -d "$folder" ] || continue
        for file in "$folder"/TEST-*.xml; do
            [ -e "$file" ] || continue
            counts=$(grep -m1 '<testsuite ' "$file")
            add_counts "$(attribute tests)" "$(($(attribute failures) + $(attribute errors)))" "$(attribute skipped)"
            mkdir -p "$logs/reports"
            cp "$file" "$logs/reports/$(basename "$log" .log)-$(basename "$file")"
        done
    done
}

attribute() {
    local value
    value=$(sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<< "$counts")
    printf '%s\n' "${value:-0}"
}

add_counts() {
    passed=$((passed + $1 - $2 - $3)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# The last line `N passed, N failed` in the file $1.
count_summary() {
    local line
    line=$(grep -aE '^[0-9]+ passed, [0-9]+ failed$' "$1" | tail -n 1)
    [ -n "$line" ] || return 0
    passed=$((passed + ${line%% *}))
    line=${line#*, }
    failed=$((failed + ${line%% *}))
    skipped=$((skipped + $(grep -acE '^skipped' "$1")))
}

# Lines `ok …`, `not ok …` and `skip …` in the file $1.
count_lines() {
    passed=$((passed + $(grep -acE '^ok ' "$1"))) failed=$((failed + $(grep -acE '^not ok ' "$1")))
    skipped=$((skipped + $(grep -acE '^skip ' "$1")))
}

# end_to_end TAG: the tests of the packaging module with that tag.
end_to_end() {
    local java status=0 reports=$logs/end-to-end
    java=$(find_java java) || return 1
    rm -rf "$reports"
    e2e_run "$java" "$reports" "$1" || status=$?
    count_reports "$reports"
    return "$status"
}

# machine_tests [OPTION]...: the smoke test in the virtual machine, and with --full the end-to-end tests too; options are those of vm/run.
machine_tests() {
    local java status=0 reports=$logs/reports-$group
    root_or_skip "$(packaging/vm/smoke --count)" || return 0
    if ! [ -x /usr/lib/qemu/virtiofsd ] || ! command -v qemu-system-x86_64 > /dev/null; then
        skip_group 'the virtual machine is not installed' "$(packaging/vm/smoke --count)"
        return
    fi
    java=$(find_java java)
    machine=(packaging/vm/run "$@" --env "JAVA_HOME=$(dirname "$(dirname "$java")")")
    "${machine[@]}" --timeout 900 -- packaging/vm/smoke 2>&1 || status=$?
    if [[ " $* " == *' --systemd '* ]]; then
        "${machine[@]}" --timeout 900 -- packaging/vm/systemd 2>&1 || status=$?
    fi
    count_lines "$log"
    if [ -n "$full" ]; then
        rm -rf "$reports"
        mkdir -p "$reports"
        "${machine[@]}" --timeout 14400 --share "$reports" -- packaging/vm/end-to-end "$reports" 2>&1 || status=$?
        count_reports "$reports"
    else
        note='smoke alone; --full runs the end-to-end tests there'
    fi
    return "$status"
}

# Whether anything of a container is there that was not there before the first group.
group_leaks() {
    comm -13 <(sort "$logs/before") <("$packaging/lib/leaks" | sort)
    check 'no mount, cgroup, process or runtime file is left' \
        test -z "$(comm -13 <(sort "$logs/before") <("$packaging/lib/leaks" | sort))"
}

write_report() {
    printf '# Test report\n\n%s, %s, cgroup %s\n\n```\n' "$(date -u +%Y-%m-%dT%H:%MZ)" "$(uname -sr)" \
        "$([ -e /sys/fs/cgroup/cgroup.controllers ] && echo v2 || echo 'v1 or hybrid')"
    printf '%s\n' "${results[@]}" "$total_passed passed, $total_failed failed, $total_skipped skipped"
    printf '```\n\n## Requirements with a passing test\n\n```\n'
    "$packaging/coverage" --results "$logs" "$project" 2>&1
    printf '```\n'
}
