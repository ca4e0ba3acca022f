# shellcheck shell=sh
# Sourced: finds a Java runtime. Used by the starters of the distribution and by run and test.

slipway_java_needed=25

# Prints the feature release of the java program $1, or nothing if it is none. Reads the file `release` where there is one:
# asking the program takes 40 ms.
java_release() {
    [ -x "$1" ] || return 0
    java_home=$(dirname "$(dirname "$(readlink -f "$1")")")
    java_text=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$java_home/release" 2> /dev/null) || java_text=
    [ -n "$java_text" ] || java_text=$("$1" -version 2>&1 | sed -n '1s/.*version "\([^"]*\)".*/\1/p')
    case $java_text in
        1.*) java_text=${java_text#1.} ;;
    esac
    printf '%s\n' "${java_text%%[!0-9]*}"
}

# Prints the path of the first program named $1 (java, javac …) of a release that is new enough: by JAVA_HOME, PATH and
# /usr/lib/jvm, in this order. Fails if there is none.
find_java() {
    java_on_path=$(command -v "$1" 2> /dev/null) || java_on_path=
    for java_candidate in "${JAVA_HOME:+$JAVA_HOME/bin/$1}" "$java_on_path" /usr/lib/jvm/*/bin/"$1"; do
        [ -x "$java_candidate" ] || continue
        # A shim on PATH (jenv, sdkman) lies beside no `release` file: the java program beside it is asked.
        java_found=$(java_release "$(dirname "$java_candidate")/java")
        if [ -n "$java_found" ] && [ "$java_found" -ge "$slipway_java_needed" ]; then
            readlink -f "$java_candidate"
            return 0
        fi
    done
    return 1
}

no_java_sentence() {
    echo "a Java runtime of release $slipway_java_needed or newer is needed; none was found by JAVA_HOME, on PATH or in /usr/lib/jvm"
}
