# shellcheck shell=bash disable=SC2034
# Sourced: a display that nobody sees (Xvfb), with a window manager, so that maximising, dragging and focus are real.

# Sets display_name.
display_start() {
    local number _
    number=$(mktemp)
    Xvfb -displayfd 5 -screen 0 1600x1000x24 -nolisten tcp 5> "$number" > /dev/null 2>&1 &
    display_server=$!
    for _ in {1..100}; do
        [ ! -s "$number" ] || break
        sleep 0.1
    done
    display_name=:$(< "$number")
    rm -f "$number"
    [ "$display_name" != : ] || {
        echo "error: Xvfb did not start"
        return 1
    }
    DISPLAY=$display_name openbox > /dev/null 2>&1 &
    display_manager=$!
}

display_stop() {
    kill "$display_manager" "$display_server" 2> /dev/null || true
    wait "$display_manager" "$display_server" 2> /dev/null || true
}
