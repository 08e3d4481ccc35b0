#!/bin/sh
# The manual page and the bash completion know every subcommand and every option that exist, and the
# manual knows none besides.
export LC_ALL=C
page=$(sed 's/\\-/-/g' "$srcdir/man/gridbourse.1")
completion=$srcdir/completions/gridbourse
commands=$(gridbourse help | awk '/^  [a-z]/ { print $1 }')
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"

# the part of the page on one command: from its .SS to the next
section() {
    echo "$page" | awk -v command="$1" '/^\.S[SH]/ { inside = $2 == command && /^\.SS/ } inside'
}

# the options of a command, asked once for each
for command in $commands; do
    gridbourse "$command" --help | grep -oE -- '--[a-z-]+' | sort -u | grep -vx -- --help >"$work/$command"
done
# lacking FILE: lines of FILE, in order, that are not among those read
lacking() { sort -u | comm -13 - "$1"; }

# bash's answer to: gridbourse [COMMAND] WORD<tab>
completed() {
    bash -c '. "$1"; shift; COMP_WORDS=(gridbourse "$@"); COMP_CWORD=$#
             _gridbourse; printf "%s\n" "${COMPREPLY[@]}"' bash "$completion" "$@"
}

echo "1..$((3 + 3 * $(echo "$commands" | wc -w)))"
[ -n "$commands" ]
ok "the program lists its commands"
described=$(echo "$page" | awk '/^\.SH/ { inside = $2 == "COMMANDS" } inside && /^\.SS/ { print $2 }')
report "$(for c in $described; do echo "$commands" | grep -qx "$c" || echo "$c"; done)" \
    "the manual describes no command that is not there"
if command -v bash >/dev/null; then
    report "$(echo "$commands" | sort >"$work/all.commands" && completed "" | lacking "$work/all.commands")" \
        "every command is completed"
else
    skip "every command is completed" 'no bash'
fi
for command in $commands; do
    text=$(section "$command")
    report "$([ -n "$text" ] || echo missing)$(echo "$text" | grep -oE -- '--[a-z-]+' | lacking "$work/$command")" \
        "$command: every option stands in the manual"
    report "$(echo "$text" | grep -oE -- '--[a-z-]+' | sort -u | grep -v '^--help$' | comm -23 - "$work/$command")" \
        "$command: the manual names no option that is not there"
    if command -v bash >/dev/null; then
        report "$(completed "$command" -- | lacking "$work/$command")" \
            "$command: every option is completed"
    else
        skip "$command: every option is completed" 'no bash'
    fi
done
exit $failed
