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

# try STANZA: a file finds its neighbours by the root of the sources, so that it may be read from a pipe
try() {
    local stanza=${1//$'\x1f'/$'\n'} file
    file=$(field file "$stanza")
    case $file in *.[ch]) ;; *) return 0 ;; esac
    # shellcheck disable=SC2086
    replaced "$file" "$(field find "$stanza")" "$(field put "$stanza")" |
        (cd "$build" && gcc $flags -Werror -fsyntax-only -iquote "$source/$(dirname "$file")" -x c -) 2>&1 |
        { grep -m 3 -E '(error|warning):' && echo "$(field what "$stanza"): does not compile"; }
}
export -f try field replaced
export build source flags

stanzas "$list" | tr '\n' '\0' | xargs -0 -P "$(getconf _NPROCESSORS_ONLN)" -n 1 bash -c 'try "$1"' try
