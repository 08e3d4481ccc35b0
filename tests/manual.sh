#!/bin/sh
# The manual page and the bash completion know every subcommand and every option that exist, and the
# manual knows none besides.
page=$(sed 's/\\-/-/g' "$srcdir/man/gridbourse.1")
completion=$srcdir/completions/gridbourse
commands=$(gridbourse help | awk '/^  [a-z]/ { print $1 }')
n=0
failed=0

# report WORDS NAME: passes when WORDS is empty
report() {
    n=$((n + 1))
    if [ -z "$1" ]; then
        echo "ok $n - $2"
    else
        echo "not ok $n - $2"
        for word in $1; do
            echo "# $word"
        done
        failed=1
    fi
}

# the part of the page on one command: from its .SS to the next
section() {
    echo "$page" | awk -v command="$1" '/^\.S[SH]/ { inside = $2 == command && /^\.SS/ } inside'
}

options_of() {
    gridbourse "$1" --help | grep -oE -- '--[a-z-]+' | sort -u | grep -vx -- --help
}

# bash's answer to: gridbourse [COMMAND] WORD<tab>
completed() {
    bash -c '. "$1"; shift; COMP_WORDS=(gridbourse "$@"); COMP_CWORD=$#
             _gridbourse; printf "%s\n" "${COMPREPLY[@]}"' bash "$completion" "$@"
}

echo "1..$((3 + 3 * $(echo "$commands" | wc -w)))"
[ -n "$commands" ] && report "" "the program lists its commands" ||
    report "none" "the program lists its commands"
described=$(echo "$page" | awk '/^\.SH/ { inside = $2 == "COMMANDS" } inside && /^\.SS/ { print $2 }')
report "$(for c in $described; do echo "$commands" | grep -qx "$c" || echo "$c"; done)" \
    "the manual describes no command that is not there"
if command -v bash >/dev/null; then
    report "$(for c in $commands; do completed "" | grep -qx "$c" || echo "$c"; done)" \
        "every command is completed"
else
    n=$((n + 1))
    echo "ok $n - every command is completed # SKIP no bash"
fi
for command in $commands; do
    text=$(section "$command")
    report "$([ -n "$text" ] || echo missing)$(for o in $(options_of "$command"); do
        echo "$text" | grep -qE -- "$o([^a-z-]|\$)" || echo " $o"; done)" \
        "$command: every option stands in the manual"
    report "$(echo "$text" | grep -oE -- '--[a-z-]+' | sort -u | grep -v '^--help$' |
        while read -r o; do options_of "$command" | grep -qx -- "$o" || echo "$o"; done)" \
        "$command: the manual names no option that is not there"
    if command -v bash >/dev/null; then
        report "$(for o in $(options_of "$command"); do
            completed "$command" -- | grep -qx -- "$o" || echo "$o"; done)" \
            "$command: every option is completed"
    else
        n=$((n + 1))
        echo "ok $n - $command: every option is completed # SKIP no bash"
    fi
done
exit $failed
