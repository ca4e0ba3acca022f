# shellcheck shell=bash disable=SC2034,SC2154
# Sourced: how run and test speak and ask.

say() {
    printf '%s\n' "$*"
}

fail() {
    printf '%s: %s\n' "${program:-slipway}" "$*" >&2
    exit 1
}

# Asks $1 once. Yes without a terminal, or with --yes.
agreed() {
    local answer
    if [ -n "${yes:-}" ] || [ ! -t 0 ]; then
        return 0
    fi
    read -r -p "$1 [Y/n] " answer
    [[ ${answer:-y} == [yY]* ]]
}
