# What the stages of .ci share, read by `. .ci/stage.sh` in the root of the sources: counts, and packages.
# shellcheck shell=bash
passed=0
failed=0

# none NAME COMMAND [WORD ...]: passes where the command prints nothing
none() {
    local name=$1 found
    shift
    found=$("$@" 2>&1 | head -n 20)
    if [ -z "$found" ]; then
        passed=$((passed + 1))
        echo "ok: $name"
    else
        failed=$((failed + 1))
        printf '%s\n' "$found"
        echo "FAIL: $name"
    fi
}

install_packages() {
    local root=
    [ "$(id -u)" = 0 ] || root="sudo -n"
    $root apt-get -qq update
    $root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"
}

# need COMMAND [PACKAGE ...]: what is missing is installed, or the stage that calls it fails
need() {
    local command=$1
    shift
    command -v "$command" >/dev/null || install_packages "${@:-$command}" >/dev/null 2>&1
}

# conclude: the last line, and the status to exit with
conclude() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}
