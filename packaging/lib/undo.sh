# shellcheck shell=bash disable=SC2034,SC2154
# Sourced: the person's own record, --stop and --clean. Needs person_find before.

# person_note KIND VALUE: adds to the person's record, as the person.
person_note() {
    person_call record_add "$person_record" "$1" "$2"
}

# The distribution to end things with: the one that was started, which need not be built any more.
undo_distribution() {
    if [ -x "$distribution/bin/slipway" ]; then
        printf '%s\n' "$distribution"
    else
        printf '%s\n' "$record_root/distribution"
    fi
}

undo_window() {
    local pid start
    [ -n "$person_uid" ] || return 0
    person_call record_values "$person_record" window | while read -r pid start; do
        process_end "$pid" "$start"
    done
    person_call record_drop "$person_record" window
}

undo_ask_about_containers() {
    local alive
    alive=$(as_root containers)
    [ -n "$alive" ] || return 0
    say "containers there are, by user id and name:"
    # shellcheck disable=SC2001
    sed 's/^/  /' <<< "$alive"
    agreed "End them too?" || fail "nothing was ended: the helper stays with its containers"
}

undo_stop() {
    root_reason='end the helper' undo_ask_about_containers
    undo_window
    root_reason='end the helper' as_root stop "$(undo_distribution)"
    say "window, containers and helper are ended"
}

# What was made for the person goes as the person, the rest as root, and the records last.
undo_clean() {
    local made bundles=() packages
    if [ -n "$person_uid" ]; then
        mapfile -t bundles < <(person_call record_values "$person_record" bundle)
    fi
    mapfile -t packages < <(record_values "$record_root/record" package)
    say "This ends window, containers and helper, and removes:"
    for made in "${bundles[@]}" "$(record_values "$record_root/record" account)" /run/slipway "$record_root"; do
        if [ -n "$made" ]; then
            say "  $made"
        fi
    done
    [ ${#packages[@]} -eq 0 ] || say "  packages: ${packages[*]}"
    agreed "Go on?" || fail "nothing was done"
    undo_window
    for made in "${bundles[@]}"; do
        person_call undo_bundle "$made"
    done
    if [ -n "$person_uid" ]; then
        person_call undo_record "$person_record"
    fi
    root_reason='undo what was set up' as_root clean "$(undo_distribution)"
    say "all that was made is gone; the build stays in the folders named target, Maven's downloads in ~/.m2"
}

# Removes the bundle, and the folders above it that are empty now, up to the one named slipway.
undo_bundle() {
    [ -e "$1/.made-by-run" ] || return 0
    rm -rf --one-file-system "$1"
    rmdir "$(dirname "$1")" "$(dirname "$(dirname "$1")")" 2> /dev/null || true
}

# And what the window unpacked.
undo_record() {
    rm -f "$1"
    rm -rf "${XDG_CACHE_HOME:-${HOME:?}/.cache}/slipway"
    rmdir "$(dirname "$1")" 2> /dev/null || true
}
