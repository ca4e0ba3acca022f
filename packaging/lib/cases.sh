# shellcheck shell=bash disable=SC2034
# Sourced by scripts that are tests: a case is a line `ok NAME` or `not ok NAME` on standard output.

cases_failed=0

# expect NAME COMMAND...
expect() {
    local name=$1
    shift
    if "$@"; then
        echo "ok $name"
    else
        echo "not ok $name"
        cases_failed=$((cases_failed + 1))
    fi
}

# eventually SECONDS COMMAND...: tries until the command succeeds.
eventually() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.2
    done
}

# How many cases the script $1 has.
cases_count() {
    grep -cE '^ *expect ' "$1"
}
