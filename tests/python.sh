# For tests that compute in Python, by `. "$srcdir/tests/python.sh"`: the interpreter in $python, the
# system's before any other; and one that stays, with numpy and h5py (tests/kept.py).
python=/usr/bin/python3
command -v "$python" >/dev/null 2>&1 || python=python3

# has_h5py: starts the one that stays, where that Python has numpy and h5py
has_h5py() {
    asked=$(mktemp -d) && mkfifo "$asked/ask" "$asked/tell" || exit 99
    "$python" "$srcdir/tests/kept.py" <"$asked/ask" >"$asked/tell" 2>/dev/null &
    exec 8>"$asked/ask" 9<"$asked/tell"
    rm -r "$asked"
    read -r asked kept_said <&9 && [ "$asked" = ready ]
}

# Ends a test as skipped where that has no numpy and h5py.
need_h5py() {
    has_h5py && return
    echo '1..0 # SKIP no Python with numpy and h5py here'
    exit 0
}

# py SCRIPT ARGUMENT ... | -c PROGRAM ARGUMENT ...: as "$python" would run it, but for its input and its
# environment, in the one that stays
py() {
    printf '%s\0' $# "$PWD" "$@" >&8
    read -r asked <&9 || return 1
    cat "$kept_said/out"
    [ ! -s "$kept_said/err" ] || cat "$kept_said/err" >&2
    return "$asked"
}
