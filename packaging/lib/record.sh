# shellcheck shell=bash disable=SC2034,SC2154
# Sourced: the record of what was started or made, so that --stop and --clean can undo it. One line each, `kind value`.
# There are two: root's in /var/lib/slipway-run, which decides what root removes, and the person's own.

record_root=/var/lib/slipway-run

# record_add FILE KIND VALUE: once.
record_add() {
    mkdir -p "$(dirname "$1")"
    grep -qsxF "$2 $3" "$1" || printf '%s %s\n' "$2" "$3" >> "$1"
}

# record_values FILE KIND: the newest first.
record_values() {
    [ -e "$1" ] || return 0
    sed -n "s/^$2 //p" "$1" | tac
}

# record_drop FILE KIND: forgets all of that kind.
record_drop() {
    [ -e "$1" ] || return 0
    sed -i "/^$2 /d" "$1"
}

# A process as it is recorded: its pid and when it started, so that another one that got its pid is never taken for it.
process_of() {
    local fields
    fields=$(< "/proc/$1/stat") || return 1
    fields=${fields##*) }
    # shellcheck disable=SC2086
    set -- "$1" $fields
    printf '%s %s\n' "$1" "${21}"
} 2> /dev/null

# process_alive PID START
process_alive() {
    [ "$(process_of "$1")" = "$1 $2" ]
}

# process_end PID START: asks it to end, waits ten seconds, and then does not ask any more.
process_end() {
    process_alive "$1" "$2" || return 0
    kill -TERM "$1" 2> /dev/null || true
    local _
    for _ in {1..100}; do
        process_alive "$1" "$2" || return 0
        sleep 0.1
    done
    kill -KILL "$1" 2> /dev/null || true
}
