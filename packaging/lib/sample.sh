# shellcheck shell=bash disable=SC2034,SC2154
# Sourced: the sample bundle, made by the person it will belong to. Its root filesystem is one static busybox.

# sample_make DIR SLIPWAY: makes the bundle in DIR with the command SLIPWAY.
sample_make() {
    local bundle=$1 slipway=$2 busybox applet kind
    busybox=$(command -v busybox) || fail "busybox is missing (package busybox-static)"
    mkdir -p "$bundle/hooks" "$bundle"/rootfs/{bin,dev,etc,hooks,home,proc,root,sys,tmp}
    cp "$busybox" "$bundle/rootfs/bin/busybox"
    "$busybox" --list | while read -r applet; do
        [ "$applet" = busybox ] || ln -sf busybox "$bundle/rootfs/bin/$applet"
    done
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n' > "$bundle/rootfs/etc/passwd"
    printf 'root:x:0:\nnogroup:x:65534:\n' > "$bundle/rootfs/etc/group"

    for kind in createRuntime createContainer poststart poststop; do
        sample_hook "$kind" > "$bundle/hooks/$kind"
    done
    # Its path is looked up inside the container; all others are this machine's.
    sample_hook startContainer > "$bundle/rootfs/hooks/startContainer"
    chmod 755 "$bundle"/hooks/* "$bundle/rootfs/hooks/startContainer"

    rm -f "$bundle/config.json"
    "$slipway" spec --bundle "$bundle"
    jq --indent 4 --arg hooks "$bundle/hooks" '
        def hook($path): [{path: $path, args: [($path | split("/") | last), "hello"], timeout: 10}];
        .hostname = "hello"
        | .process.terminal = false
        | .process.args = ["/bin/sh", "-c", "echo hello from $(hostname), process $$ of this container; cat /proc/self/cgroup; while true; do date; sleep 2; done"]
        | .process.env += ["GREETING=hello"]
        | .linux.resources.memory = {limit: 67108864}
        | .linux.resources.pids = {limit: 64}
        | .hooks = ([["createRuntime", "createContainer", "poststart", "poststop"][] | {(.): hook("\($hooks)/\(.)")}]
            + [{startContainer: hook("/hooks/startContainer")}] | add)
    ' "$bundle/config.json" > "$bundle/config.json.new"
    mv "$bundle/config.json.new" "$bundle/config.json"
    # Last, so that a bundle that was interrupted half-way is made again.
    touch "$bundle/.made-by-run"
}

# A hook that tells what it is, where it runs and what it was told.
sample_hook() {
    cat << END
#!/bin/sh
# Hook $1: the container's state comes on standard input; what is printed here, the window shows.
state=\$(cat)
echo "$1: process \$\$ on host \$(cat /proc/sys/kernel/hostname), mount namespace \$(readlink /proc/self/ns/mnt)"
echo "$1: told \$state"
END
}
