# shellcheck shell=bash disable=SC2034,SC2154
# Sourced: Debian packages. What is missing is found out by anyone; as-root installs it and writes down what that brought,
# so that --clean can take exactly that away again.

# What the build needs, what the programs need, and what a window, a headless tour or the tests need beside that.
packages_build=(maven gcc libc6-dev linux-libc-dev musl-tools make)
packages_runtime=(libseccomp2 busybox-static jq)
packages_window=(libgtk-3-0 libxtst6 fonts-dejavu-core)
packages_headless=(libpangoft2-1.0-0 fonts-dejavu-core)
packages_test=(runc crun podman conmon containerd xvfb xauth openbox clang clang-format shellcheck python3 strace iproute2 libgtk-3-0 libxtst6 fonts-dejavu-core)

# Prints those of the packages named that are not installed. A later Debian may call one NAMEt64.
packages_missing() {
    local package
    for package; do
        package_installed "$package" || package_installed "${package}t64" || printf '%s\n' "$package"
    done
}

package_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

# Prints the newest package with a JDK of this distribution that is new enough, if it has one.
package_jdk() {
    apt-cache search --names-only '^openjdk-[0-9]+-jdk-headless$' 2> /dev/null |
        sed -n 's/^\(openjdk-\([0-9]*\)-jdk-headless\) .*/\2 \1/p' | sort -rn |
        while read -r release package; do
            if [ "$release" -ge "${slipway_java_needed:?}" ]; then
                printf '%s\n' "$package"
                break
            fi
        done
}

# Installs the packages named, as root, without starting services of theirs.
packages_install() {
    local policy=/usr/sbin/policy-rc.d made=
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$policy"
        chmod +x "$policy"
        made=$policy
    fi
    local status=0
    { apt-get -qq update || true; } &&
        DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@" > /dev/null || status=$?
    [ -z "$made" ] || rm -f "$made"
    return "$status"
}

# All packages that are installed, sorted.
packages_all() {
    dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u
}

# Removes those of the packages named that nothing else needs by now.
packages_remove() {
    local package also present=()
    for package; do
        if package_installed "$package"; then
            present+=("$package")
        fi
    done
    [ ${#present[@]} -gt 0 ] || return 0
    also=$(apt-get --simulate purge "${present[@]}" 2> /dev/null | sed -n 's/^\(Purg\|Remv\) \([^ ]*\) .*/\2/p' |
        sort -u | comm -23 - <(printf '%s\n' "${present[@]}" | sort -u))
    if [ -n "$also" ]; then
        say "packages stay, since others that were installed later need them: $(tr '\n' ' ' <<< "${present[*]}")"
        return 0
    fi
    DEBIAN_FRONTEND=noninteractive apt-get -qq purge --yes "${present[@]}" > /dev/null
}
