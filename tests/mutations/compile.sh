#!/bin/bash
# Has every seeded fault of a list read by the compiler: one that does not compile, or that gives a warning
# where warnings are errors, seeds nothing, and make check-mutations comes to it only when its time allows.
#   tests/mutations/compile.sh BUILD_FOLDER [LIST]
# Faults of sources and headers, not those of tables (.def), which need no types to be right. Prints each
# that fails and what the compiler said; nothing where all is well.
set -u
build=$(cd "${1:?usage: compile.sh BUILD_FOLDER [LIST]}" && pwd) || exit 99
source=$(cd "$(dirname "$0")/../.." && pwd)
list=$(realpath "${2:-$source/tests/mutations/list.txt}")
cd "$source" || exit 99
. tests/mutations/stanzas.sh
make -s -C "$build" Makefile >/dev/null || exit 99
flags=$(printf 'include Makefile\nflags:\n\t@echo $(DEFS) $(AM_CPPFLAGS) $(AM_CFLAGS)\n' |
    make -s -C "$build" -f - flags srcdir="$source") || exit 99

# read_as FILE: what the compiler says of the text that comes; a file finds its neighbours by the root of the
# sources, so that it may be read from a pipe
read_as() {
    # shellcheck disable=SC2086
    (cd "$build" && gcc $flags -Werror -fsyntax-only -iquote "$source/$(dirname "$1")" -x c -) 2>&1 |
        grep -m 3 -E '(error|warning):'
}

# placed FILE STANZA: FILE with that fault
placed() {
    local stanza=${2//$'\x1f'/$'\n'}
    replaced "$1" "$(field find "$stanza")" "$(field put "$stanza")"
}

# try FILE STANZA ...: all faults of a file at once, and each by itself where that fails
try() {
    local file=$1 text stanza n_placed=0
    shift
    if [ $# -gt 1 ]; then
        text=$(cat "$file")
        for stanza; do text=$(placed - "$stanza" <<<"$text") && n_placed=$((n_placed + 1)); done
        [ $n_placed -eq $# ] && ! read_as "$file" <<<"$text" >/dev/null && return
    fi
    for stanza; do
        placed "$file" "$stanza" | read_as "$file" && echo "$(field what "${stanza//$'\x1f'/$'\n'}"): does not compile"
    done
}
export -f try placed read_as field replaced
export build source flags

# a line a file that has faults: its name and their stanzas, apart by \x1e
stanzas "$list" | awk -F'\x1f' '{
        for (i = 1; i <= NF; i++) if ($i ~ /^file: /) file = substr($i, 7)
        if (file ~ /\.[ch]$/) of[file] = of[file] "\x1e" $0
    }
    END { for (file in of) print file of[file] }' | tr '\n' '\0' |
    xargs -0 -P "$(getconf _NPROCESSORS_ONLN)" -n 1 bash -c 'mapfile -t -d "$(printf "\x1e")" part < <(printf %s "$1"); try "${part[@]}"' try
