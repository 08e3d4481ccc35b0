#!/bin/sh
# Includes point down (style, section 1): a layer may use any layer below it, never one above or
# beside it; of models, chain sees models/market alone. Headers compile on their own.
cd "$srcdir" || exit 99
n=0
failed=0

# refuse FOLDER PATTERN WHY: no file below FOLDER includes a project header matching PATTERN
refuse() {
    n=$((n + 1))
    found=$(grep -rnE --include='*.[ch]' "^ *# *include \"($2)" "$1" 2>/dev/null)
    if [ -n "$found" ]; then
        echo "not ok $n - $3"
        echo "$found" | sed 's/^/# /'
        failed=1
    else
        echo "ok $n - $3"
    fi
}

echo 1..7
refuse sim '(models|chain|analysis|experiments|cli)/' 'sim includes nothing above it'
refuse models '(chain|analysis|experiments|cli)/' 'models includes sim alone'
refuse chain '(analysis|experiments|cli|models/(weather|assets|agents))/' 'chain includes models/market and sim alone'
refuse analysis '(chain|models|experiments|cli)/' 'analysis reads records and files, never a running model'
refuse experiments 'cli/' 'experiments includes nothing of cli'
refuse models/market 'models/(weather|assets|agents)/' 'market rules know nothing of weather, assets and agents'
n=$((n + 1))
bad=$(find sim models chain analysis experiments cli -name '*_priv.h' | while read -r h; do
    dir=$(dirname "$h")
    grep -rlE "include \"$h\"" --include='*.[ch]' sim models chain analysis experiments cli tests | grep -v "^$dir/[^/]*$"
done)
if [ -n "$bad" ]; then
    echo "not ok $n - private headers stay in their folder"
    echo "$bad" | sed 's/^/# /'
    failed=1
else
    echo "ok $n - private headers stay in their folder"
fi
exit $failed
