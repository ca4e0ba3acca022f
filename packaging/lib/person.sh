# shellcheck shell=bash disable=SC2034,SC2154
# Sourced: who is behind this, and how to do things as them, or as root.

# Sets person (a user name), person_uid, person_home and person_record; bare_root if there is nobody behind root.
# sudo and pkexec tell who it was: having got through them shows that they may administer this machine.
person_find() {
    bare_root=
    if [ "$EUID" -ne 0 ]; then
        person_uid=$EUID
    elif [ -n "${SUDO_UID:-}" ] && [ "$SUDO_UID" != 0 ]; then
        person_uid=$SUDO_UID
    elif [ -n "${PKEXEC_UID:-}" ] && [ "$PKEXEC_UID" != 0 ]; then
        person_uid=$PKEXEC_UID
    else
        bare_root=yes
        person=slipway-guest
        person_home=/var/lib/slipway-guest
        person_uid=$(id -u "$person" 2> /dev/null) || person_uid=
    fi
    if [ -z "$bare_root" ]; then
        person=$(id -nu "$person_uid")
        person_home=$(getent passwd "$person_uid" | cut -d: -f6)
    fi
    local data=$person_home/.local/share state=$person_home/.local/state
    if [ "$EUID" -ne 0 ]; then
        data=${XDG_DATA_HOME:-$data}
        state=${XDG_STATE_HOME:-$state}
    elif [ -n "$bare_root" ]; then
        data=$person_home
        state=$person_home
    fi
    person_bundle=$data/slipway/bundles/hello
    person_record=$state/slipway/run.record
}

# Runs a task of as-root.
as_root() {
    if [ "$EUID" -eq 0 ]; then
        "$lib/as-root" "$@"
    elif command -v sudo > /dev/null; then
        sudo -p "[sudo] password of %p, to ${root_reason:-run the helper}: " \
            ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} "$lib/as-root" "$@"
    elif command -v pkexec > /dev/null; then
        pkexec "$lib/as-root" "$@"
    else
        fail "root is needed to ${root_reason:-run the helper}, and neither sudo nor pkexec is installed; start this as root"
    fi
}

# Runs a command as the person, with an environment of theirs and nothing of root's.
as_person() {
    if [ "$EUID" -eq "$person_uid" ]; then
        "$@"
        return
    fi
    local runtime=/run/user/$person_uid keep=() name
    for name in DISPLAY WAYLAND_DISPLAY XAUTHORITY LANG JAVA_HOME TERM SLIPWAY_WORKBENCH_OPTIONS; do
        [ -z "${!name:-}" ] || keep+=("$name=${!name}")
    done
    [ ! -d "$runtime" ] || keep+=("XDG_RUNTIME_DIR=$runtime")
    (cd / && exec setpriv --reuid "$person_uid" --regid "$(id -g "$person_uid")" --init-groups \
        env -i HOME="$person_home" USER="$person" LOGNAME="$person" PATH=/usr/local/bin:/usr/bin:/bin "${keep[@]}" "$@")
}

# Calls a function of these files as the person, who need not be able to read the files.
person_call() {
    if [ "$EUID" -eq "$person_uid" ]; then
        "$@"
    else
        # shellcheck disable=SC2016
        as_person bash -c "set -euo pipefail; $(declare -f); $(declare -p program project build_stamp slipway_java_needed)"'
            "$@"' call "$@"
    fi
}
