#!/bin/sh
# gridbourse clear: the paper's table, the reference table, options, and every kind of bad input.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$srcdir/tests/tap.sh"

# refuses CODE SENTENCE ARGUMENT...: clear ends with CODE, says SENTENCE, and prints no trade
refuses() {
    code=$1 sentence=$2
    shift 2
    gridbourse clear "$@" >"$work/out" 2>"$work/err"
    [ $? -eq "$code" ] && grep -qF -- "$sentence" "$work/err" && [ ! -s "$work/out" ]
}

cat >"$work/table1.csv" <<'EOF'
id,side,price,quantity,reserve
S1,sell,0.41,220,0.34
S2,sell,0.45,540,0.41
S3,sell,0.50,435,0.45
S4,sell,0.45,300,0.40
B1,buy,0.53,400,0.58
B2,buy,0.51,480,0.56
B3,buy,0.49,830,0.55
B4,buy,0.46,500,0.53
EOF
cat >"$work/table2.csv" <<'EOF'
round,seller,buyer,quantity,price,price_sell
1,S1,B1,220,0.47,0.47
1,S2,B1,180,0.49,0.49
1,S2,B2,360,0.48,0.48
1,S4,B2,120,0.48,0.48
1,S4,B3,180,0.47,0.47
2,S3,B3,435,0.4925,0.4925
EOF

echo 1..40
gridbourse clear "$work/table1.csv" >"$work/out" 2>"$work/err" && cmp -s "$work/out" "$work/table2.csv"
ok 'Table 1 of the paper clears into its Table 2'

refuses 2 'larger than 256 MiB' /dev/zero && yes id,side,price,quantity | refuses 2 'larger than 256 MiB' -
ok 'what has no end is read up to the limit of a book'

gridbourse clear - <"$work/table1.csv" >"$work/out" 2>"$work/err" && cmp -s "$work/out" "$work/table2.csv"
ok 'a book is read from a pipe'

gridbourse clear "$work/table1.csv" -o "$work/trades.csv" >"$work/out" 2>"$work/err" &&
    cmp -s "$work/trades.csv" "$work/table2.csv" && [ ! -s "$work/out" ] && [ ! -e "$work/trades.csv.part" ]
ok 'the trades go into a file and nowhere else'

# ---- the reference table: every reading at every tenth of beta
readings='single_round marginal_quote crossing 0
quote_reserve marginal_quote within_reserve 1
quote_cross marginal_quote crossing 1
quote_iter_cross marginal_quote crossing until_cross
trade_reserve extreme_trade within_reserve 1
trade_cross extreme_trade crossing 1
trade_iter_cross extreme_trade crossing until_cross
filled_reserve marginal_quote_filled within_reserve 1
filled_cross marginal_quote_filled crossing 1
filled_iter_cross marginal_quote_filled crossing until_cross
last_reserve last_trade within_reserve 1
last_cross last_trade crossing 1'
table=$srcdir/tests/reference/beta_table1.csv
: >"$work/wrong"
echo "$readings" | while read -r reading anchor match rounds; do
    for beta in 0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1; do
        gridbourse clear "$work/table1.csv" --set market.beta=$beta --set market.requote.anchor=$anchor \
            --set market.requote.match=$match --set market.requote.rounds=$rounds 2>&1 |
            awk -F, -v reading="$reading" -v beta=$beta -v table="$table" '
                NR > 1 { local += $4; cost += $4 * $5; revenue += $4 * $6; if ($2 == "S3") price = $5 }
                function off(a, b) { return a > b ? a - b : b - a }
                END {
                    cost += (2210 - local) * 0.59
                    revenue += (1495 - local) * 0.31
                    while ((getline line < table) > 0) {
                        split(line, cell, ",")
                        if (cell[1] == reading && cell[2] == beta) { found = 1; break }
                    }
                    sub(/.*@/, "", cell[8])
                    if (!found || local != cell[7] || off(cost, cell[9]) > 0.001 ||
                        off(revenue, cell[10]) > 0.001 || off(price, cell[8]) > 0.000001)
                        print reading, beta, local, cost, revenue, price
                }' >>"$work/wrong"
    done
done
[ ! -s "$work/wrong" ] || { cp "$work/wrong" "$work/out"; false; }
ok 'twelve readings at eleven betas agree with the reference table'

# ---- what re-quotes remember, on the book of tests/test_requote_memory.c
cat >"$work/memory.csv" <<'EOF'
id,side,price,quantity,reserve,beta
S1,sell,0.40,1,0.35,1
B1,buy,0.50,1,0.55,1
S2,sell,0.50,1,0.40,1
B2,buy,0.49,1,0.55,0.5
S3,sell,0.58,1,0.455,1
B3,buy,0.41,1,0.55,1
EOF
printf 'round,seller,buyer,quantity,price,price_sell\n1,S1,B1,1,0.45,0.45\n2,S2,B2,1,0.46,0.46\n' >"$work/slot.csv"
{ cat "$work/slot.csv" && echo 3,S3,B3,1,0.46,0.46; } >"$work/round.csv"
twice='--set market.requote.match=crossing --set market.requote.rounds=2 --set market.requote.anchor=extreme_trade'
# remembers ROUND_OR_SLOT
remembers() {
    # shellcheck disable=SC2086
    gridbourse clear "$work/memory.csv" $twice --set market.requote.memory="$1" >"$work/out" 2>"$work/err" &&
        cmp "$work/out" "$work/$1.csv" >>"$work/err"
}
remembers round && remembers slot
ok 'a second re-quote goes by the last round, or by all rounds of the slot'

# ---- sources, time, cancels
cat >"$work/sources.csv" <<'EOF'
id,side,price,quantity,source
wind,sell,0.40,5,wind
sun,sell,0.42,5,solar
wants wind,buy,0.50,3,wind
wants any,buy,0.50,6,any
EOF
printf 'round,seller,buyer,quantity,price,price_sell\n1,sun,wants any,5,0.46,0.46\n1,wind,wants wind,3,0.45,0.45\n1,wind,wants any,1,0.45,0.45\n' >"$work/expected"
gridbourse clear "$work/sources.csv" >"$work/out" 2>"$work/err" && cmp -s "$work/out" "$work/expected"
ok 'with a column source there is a book for each'

printf 'round,seller,buyer,quantity,price,price_sell\n1,wind,wants wind,3,0.45,0.45\n1,wind,wants any,2,0.45,0.45\n1,sun,wants any,4,0.46,0.46\n' >"$work/expected"
gridbourse clear "$work/sources.csv" --set market.books=pooled >"$work/out" 2>"$work/err" &&
    cmp -s "$work/out" "$work/expected"
ok 'unless the books are pooled'

printf 'id,side,price,quantity,time,action\nlate,sell,0.4,1,9,\nearly,sell,0.4,1,1.5,\ngone,sell,0.3,1,0,\ngone,,,,2,cancel\n"b, 1",buy,0.5,1,3,\n' >"$work/times.csv"
printf 'round,seller,buyer,quantity,price,price_sell\n1,early,"b, 1",1,0.45,0.45\n' >"$work/expected"
gridbourse clear "$work/times.csv" >"$work/out" 2>"$work/err" && cmp -s "$work/out" "$work/expected"
ok 'equal quotes go by time, cancelled orders not at all, and ids as they were given'

printf 'round,seller,buyer,quantity,price,price_sell\n' >"$work/expected"
gridbourse clear "$work/table1.csv" --set market.mechanism=grid_only >"$work/out" 2>"$work/err" &&
    cmp -s "$work/out" "$work/expected"
ok 'without a market there is no trade'

refuses 2 'give both, --set tariff.retail=PRICE' "$work/table1.csv" --set market.mechanism=mid_market_rate --set tariff.retail=0.59
ok 'a mechanism that trades between the prices of the grid wants both'

# ---- books of a run
# run_of ORDERS OPTION ...: a run with these orders into $work/run.h5
run_of() {
    printf '%s\n' 'format: 1' 'slot: 60 min' 'slots: 2' 'meters: {count: 4, delivery: declared}' \
        "orders: {file: $1}" 'market: {books: pooled}' 'output: {level: market}' >"$work/run.yaml"
    shift
    gridbourse run "$work/run.yaml" "$@" -o "$work/run.h5" >"$work/out" 2>"$work/err"
}
# clears_slot K: `book` writes the slot, and `clear` with the settings named there takes it
clears_slot() {
    gridbourse book "$work/run.h5" --slot "$1" -o "$work/book.csv" >"$work/out" 2>"$work/err" || return 1
    arguments=$(sed -n 's/^# the market of the run: gridbourse clear BOOK.csv//p' "$work/book.csv")
    # shellcheck disable=SC2086
    gridbourse clear "$work/book.csv" $arguments >"$work/out" 2>"$work/err"
}

# as above
remembers_on_ledger() {
    # shellcheck disable=SC2086
    run_of memory.csv $twice --set market.requote.memory="$1" --set meters.count=6 --set chain.crypto=real \
        --ledger "$work/run.ledger" && gridbourse ledger verify "$work/run.ledger" >"$work/out" 2>&1 &&
        clears_slot 0 && cmp "$work/out" "$work/$1.csv" >>"$work/err"
}
remembers_on_ledger round && remembers_on_ledger slot
ok 'on the ledger, too: it verifies, and the book that is written of it clears into the same trades'

cat >"$work/calls.yaml" <<EOF
format: 1
slot: 60 min
slots: 1
meters: {count: 8, delivery: declared}
orders: {file: table1.csv}
market: {books: pooled}
chain: {crypto: real}
output: {level: market}
EOF
# what the summary of a run and the table of trades say: trades, kWh
for mechanism in uniform pay_as_bid mid_market_rate mcafee huang; do
    gridbourse run "$work/calls.yaml" --set market.mechanism=$mechanism -o "$work/run.h5" \
        --ledger "$work/run.ledger" >"$work/summary" 2>"$work/err" &&
        gridbourse ledger verify "$work/run.ledger" >"$work/out" 2>&1 && clears_slot 0 &&
        said=$(awk -F, 'NR > 1 { wh += $4; n++ } END { printf "%d trades, %.3f kWh", n, wh }' "$work/out") &&
        grep -qF "$said" "$work/summary" || { cp "$work/summary" "$work/out" && break; }
    echo $mechanism
done >"$work/done"
[ "$(wc -l <"$work/done")" -eq 5 ]
ok 'every call market runs, its ledger is verified, and clear trades as much of its book'

printf 'id,side,price,quantity,reserve,type\na,sell,0.65,1,0.5,market\nb,buy,0.5,1,0.55,limit\nc,buy,0.52,1,0.51,market\n' >"$work/market.csv"
printf 'round,seller,buyer,quantity,price,price_sell\n1,a,c,1,0.505,0.505\n' >"$work/expected"
run_of market.csv && grep -q '3 orders accepted; 1 trade, 1.000 kWh at 0.5050' "$work/out" && clears_slot 0 &&
    cmp -s "$work/out" "$work/expected"
ok 'the price of a market order counts for nothing, on the chain and in clear'

sed 's/sell,0.65/sell,0/; s/buy,0.52/buy,1000/' "$work/market.csv" >"$work/other.csv"
gridbourse clear "$work/other.csv" --set tariff.retail=0.59 --set tariff.feed_in=0.31 >"$work/out" 2>"$work/err" &&
    cmp -s "$work/out" "$work/expected"
ok 'whatever it is'

# users go by their first ids, and here by x (meters 0 and 2), x-0 and y, who sends two orders in slot 1
cat >"$work/names.csv" <<'EOF'
id,side,price,quantity,owner,slot
x,sell,0.4,1,0,0
y,buy,0.5,1,1,0
x-0,sell,0.4,1,3,0
z,sell,0.4,1,0,1
x,buy,0.5,1,2,1
x-0,sell,0.45,1,3,1
y,buy,0.48,1,1,1
yy,buy,0.47,1,1,1
EOF
run_of names.csv && clears_slot 0 && clears_slot 1 && [ "$(grep -c , "$work/out")" -eq 3 ] &&
    grep -v '^#' "$work/book.csv" | cut -d, -f1,7 >"$work/ids" && [ "$(cut -d, -f1 "$work/ids" | sort -u | wc -l)" -eq 6 ] &&
    for user in x,0 x,2 x-0,3 y,1; do
        grep -Eq "^${user%,*}(-[0-9]+)?,${user#*,}\$" "$work/ids" || { cp "$work/book.csv" "$work/out"; false; break; }
    done
ok 'no two orders of a book have one id, whatever their users are called'

printf 'side,id,price,quantity\nsell,#7,0.4,1\nbuy,# 8,0.5,1\n' >"$work/hashes.csv"
printf 'round,seller,buyer,quantity,price,price_sell\n1,"#7","# 8",1,0.45,0.45\n' >"$work/expected"
run_of hashes.csv && clears_slot 0 && cmp -s "$work/out" "$work/expected" && grep -q '^"#7",sell,' "$work/book.csv"
ok 'an id that begins like a comment is written in quotes and survives'

printf '# a comment\nid,side,price,quantity\n#7,sell,0.4,1\nB1,buy,0.5,1\n' >"$work/hash.csv"
printf 'round,seller,buyer,quantity,price,price_sell\n1,"#7",B1,1,0.45,0.45\n' >"$work/expected"
gridbourse clear "$work/hash.csv" >"$work/out" 2>"$work/err" && cmp -s "$work/out" "$work/expected"
ok 'without quotes it is an order too'
tail -n +3 "$work/hash.csv" >"$work/bare.csv"
refuses 2 'bare.csv:2:1: the first line is no header' "$work/bare.csv"
ok 'a table without its header is told so, once'

# ---- streams for the continuous auction
cat >"$work/stream.csv" <<'EOF'
id,side,price,quantity,type,minimum,action
a,sell,0.40,5,,,
b,sell,0.42,5,,,
a,,0.41,4,,,amend
x,buy,0.41,1,ioc,,
a,,,,,,cancel
a,sell,0.39,1,,,
y,buy,0.50,3,ioc,3,
z,buy,0.43,9,limit,,
EOF
printf 'round,seller,buyer,quantity,price,price_sell\n1,a,x,1,0.41,0.41\n1,a,y,1,0.445,0.445\n1,b,y,2,0.46,0.46\n1,b,z,3,0.425,0.425\n' >"$work/expected"
gridbourse clear "$work/stream.csv" --set market.mechanism=continuous >"$work/out" 2>"$work/err" &&
    cmp -s "$work/out" "$work/expected"
ok 'a stream is replayed with amendments, ioc, minima and ids used again after their cancel'

printf 'id,side,price,quantity,type,action\na,sell,0.4,1,,\na,sell,0.4,1,,\nq,,0.4,1,,amend\na,buy,0.4,1,,amend\n' >"$work/wrong.csv"
refuses 2 "wrong.csv:3:1: id: 'a' is the order of line 2, which was not cancelled before" "$work/wrong.csv" --set market.mechanism=continuous &&
    refuses 2 "wrong.csv:4:1: amends 'q', but no order before it has this id" "$work/wrong.csv" --set market.mechanism=continuous &&
    refuses 2 "wrong.csv:5:1: amends 'a' with another side or source than line 3" "$work/wrong.csv" --set market.mechanism=continuous &&
    refuses 2 "action: expected add or cancel, got 'amend'" "$work/stream.csv" &&
    printf 'id,side,price,quantity,type,action\na,sell,0.4,1,,\na,,0.4,1,ioc,amend\n' >"$work/wrong.csv" &&
    refuses 2 'type: expected nothing, for an amendment changes price and quantity alone' "$work/wrong.csv" --set market.mechanism=continuous
ok 'and what does not go together in one is named with its line'

cat >"$work/late.csv" <<'EOF'
id,side,price,quantity,type,action
a,sell,0.40,5,,
x,buy,0.41,6,ioc,
a,,0.39,9,,amend
x,,,,,cancel
b,sell,0.40,5,,
b,,,,,cancel
b,,,,,cancel
EOF
gridbourse clear "$work/late.csv" --set market.mechanism=continuous >"$work/out" 2>"$work/err" &&
    grep -qF "late.csv:4: the amendment of 'a' came too late: it was filled before" "$work/err" &&
    grep -qF "late.csv:5: the cancel of 'x' came too late: what it did not trade at once had lapsed" "$work/err" &&
    grep -qF "late.csv:8: the cancel of 'b' came too late: it was cancelled before" "$work/err" &&
    grep -qF '3 of 4 cancels and amendments came too late: 1 lost a race against a fill, 1 followed a cancel, 1 came after a lapse' "$work/err"
ok 'cancels and amendments that come too late are named and counted'

# ---- prices below zero, and figures of an outcome
awk -F, -v OFS=, 'NR > 1 { $3 -= 0.6; $5 -= 0.6 } { print }' "$work/table1.csv" >"$work/below.csv"
awk -F, -v OFS=, 'NR > 1 { $5 -= 0.6; $6 -= 0.6 } { print }' "$work/table2.csv" >"$work/expected"
gridbourse clear "$work/below.csv" --set tariff.retail=-0.01 --set tariff.feed_in=-0.29 >"$work/out" 2>"$work/err" &&
    cmp -s "$work/out" "$work/expected" &&
    refuses 2 'within the band' "$work/below.csv" --set tariff.feed_in=-0.1 &&
    gridbourse clear "$work/below.csv" --set tariff.retail=-0.01 2>"$work/err" | cmp -s - "$work/expected"
ok 'a book below zero trades as the same book above it, within its band'

gridbourse clear "$work/table1.csv" --summary >"$work/out" 2>"$work/err" && cmp -s "$work/out" "$work/table2.csv" &&
    grep -qF 'trades        6, 1495.000 kWh' "$work/err" &&
    grep -qF 'efficiency    100.0000 % on reserves: 227.100000 of 227.100000 currency' "$work/err" &&
    gridbourse clear "$work/table1.csv" --summary --set market.requote.rounds=0 2>&1 >"$work/out" | grep -qF '70.9030 % on the grid'
ok 'the summary says what the trades gained of what they could'

# ---- other people's files
printf '\357\273\277"bid_id";"Richtung";"Menge";"eur_mwh";"Zeitpunkt";"Zone"\r\n"G;1";"SELL";"1,25";"45,90";"2026-06-01T12:00:05+02:00";"DE"\r\n"G-2";"SELL";"0,5";"-3,1237";"2026-06-01T12:00:01+02:00";"DE"\r\n"N-1";"Buy";"1,5E0";"52";"2026-06-01T10:00:09Z";"DE"\r\n' >"$work/bids.csv"
printf 'round,seller,buyer,quantity,price,price_sell\n1,G-2,N-1,500,0.024438,0.024438\n1,G;1,N-1,1000,0.04895,0.04895\n' >"$work/expected"
map=id=bid_id,side=Richtung,quantity=Menge,price=eur_mwh
gridbourse clear "$work/bids.csv" --map $map --map time=Zeitpunkt --unit MWh --round 1e-3 --time iso \
    --set market.mechanism=continuous >"$work/out" 2>"$work/err" && cmp -s "$work/out" "$work/expected" &&
    cat >"$work/told" <<'EOF' && sed 's/.*bids.csv: //' "$work/err" | cmp -s - "$work/told"
a byte order mark was stepped over
lines end with CRLF
columns are separated by semicolons
column 'bid_id' is id
column 'Richtung' is side
column 'Menge' is quantity
column 'eur_mwh' is price
column 'Zeitpunkt' is time
not read: 'Zone'
decimals stand behind a comma
energy in MWh became kWh, prices per MWh became prices per kWh
prices rounded to multiples of 1e-3 per MWh: 1
words taken for ours, like 'SELL' for 'sell': 3
times count from the first, 2026-06-01T10:00:01Z
EOF
ok 'a file of a spreadsheet elsewhere is read, and all that was changed is said'

refuses 2 "bids.csv:3:20: price: expected a price in currency per MWh of whole ticks" "$work/bids.csv" --map $map --unit MWh &&
    refuses 2 "bids.csv:1:1: expected a column 'Mange' for quantity" "$work/bids.csv" --map id=bid_id,quantity=Mange &&
    refuses 2 "the column 'id' is missing; name the one that holds it, --map id=NAME" "$work/bids.csv" --unit MWh &&
    refuses 2 "bids.csv:2:29: time: expected a number of seconds, or another clock by --time" "$work/bids.csv" --map $map,time=Zeitpunkt --unit MWh --round 1e-3
ok 'what cannot be read of one is named with its place and what would help'

printf 'id\tside\tprice\tquantity\na\task\t40.5\t1000\nb\tbid\t41,5\t1000\n' >"$work/marks.tsv"
refuses 2 "marks.tsv:3:7: price: expected one decimal point, as in line 2" "$work/marks.tsv" --unit Wh &&
    printf 'id,side,price,quantity\na,ask,"1,234",1\nb,bid,1.2.3,1\nc,bid,010,1\nd,bid,1e99,1\n' >"$work/marks.csv" &&
    refuses 2 "marks.csv:2:7: price: expected a decimal point where commas separate columns" "$work/marks.csv" --unit kWh &&
    refuses 2 "marks.csv:3:7: price: expected one decimal point" "$work/marks.csv" --unit kWh &&
    refuses 2 "marks.csv:4:7: price: expected a decimal number, got '010'" "$work/marks.csv" --unit kWh &&
    refuses 2 "marks.csv:5:7: price: " "$work/marks.csv" --unit kWh
ok 'marks of thousands, two decimal marks and octal numbers are refused there too'

refuses 2 "--map: 'size' is no column of a book" "$work/bids.csv" --map size=Menge &&
    refuses 2 "--map: 'id' is named twice" "$work/bids.csv" --map id=a --map id=b &&
    refuses 2 '--map: expected COLUMN=NAME' "$work/bids.csv" --map id &&
    refuses 2 '--unit: expected kWh, Wh or MWh' "$work/bids.csv" --unit GWh &&
    refuses 2 '--time: expected seconds, iso or unix' "$work/bids.csv" --time utc &&
    refuses 2 '--round: expected a step of whole ticks' "$work/bids.csv" --round 1e-7 &&
    refuses 2 '--round: expected a step above 0' "$work/bids.csv" --round 0
ok 'and so are options that say nothing'

# ---- wrong use and bad input
refuses 2 "unknown key (did you mean 'market.beta'?)" "$work/table1.csv" --set market.betta=0.1
ok 'an unknown key is refused, and the nearest named'

refuses 2 '--set market.k: expected' "$work/table1.csv" --set market.k=2 && refuses 2 'expected KEY=VALUE' "$work/table1.csv" --set market.k
ok 'a value out of range is refused, and a setting without one'

refuses 2 'grid_only has no such option' "$work/table1.csv" --set market.mechanism=grid_only --set market.beta=0.2
ok 'an option of another mechanism is refused'

refuses 2 '--set market.second_gate: it is for market.requote.by=user alone' "$work/table1.csv" --set market.second_gate='1 min' &&
    refuses 2 'users quote anew once, before round 2' "$work/table1.csv" --set market.requote.by=user --set market.requote.rounds=2
ok 'and so is what its users do not do who quote anew'

refuses 2 'needs a column' "$work/table1.csv" --set market.books=by_source
ok 'books by source need sources'

refuses 2 'within the band' "$work/table1.csv" --set tariff.retail=0.55 --set tariff.feed_in=0.31 &&
    gridbourse clear "$work/table1.csv" --set tariff.retail=0.59 --set tariff.feed_in=0.31 >"$work/out" 2>"$work/err" &&
    cmp -s "$work/out" "$work/table2.csv"
ok 'a price band holds where one is set'

printf 'id,side,price,quantity\na,sell,nan,1\nb,buy,-1000001,1\na,buy,0.5,1e30\nc,buy,0.5,99999999999999999999\nd,sale,0.5,1\n' >"$work/bad.csv"
refuses 2 "$work/bad.csv:2:8: price: " "$work/bad.csv" && refuses 2 "$work/bad.csv:3:7: price: " "$work/bad.csv" &&
    refuses 2 "$work/bad.csv:4:1: id: 'a' is already" "$work/bad.csv" && refuses 2 "$work/bad.csv:4:11: quantity: " "$work/bad.csv" &&
    refuses 2 "$work/bad.csv:5:11: quantity: " "$work/bad.csv" && refuses 2 "$work/bad.csv:6:3: side: " "$work/bad.csv"
ok 'NaN, huge, duplicate and unknown entries are all named with their places'

printf 'id,side,price,quantity,minimum\na,sell,0.4,2,1\n' >"$work/minimum.csv"
refuses 2 'takes no minimum' "$work/minimum.csv"
ok 'a minimum quantity is refused where the mechanism takes none'

refuses 2 'No such file' "$work/missing.csv" && refuses 2 "cannot read" "$work"
ok 'a missing file and a folder are refused'

refuses 2 'usage: gridbourse clear' && refuses 2 'one book' "$work/table1.csv" "$work/table1.csv"
ok 'one book is wanted, neither none nor two'

head -n 2 "$work/table2.csv" >"$work/kept.csv"
refuses 2 'nan' "$work/bad.csv" -o "$work/kept.csv" && [ "$(wc -l <"$work/kept.csv")" -eq 2 ] &&
    refuses 1 'cannot write' "$work/table1.csv" -o "$work/no/such/folder.csv" && [ ! -e "$work/kept.csv.part" ]
ok 'a failure leaves what was there and nothing half-written'

if [ -c /dev/full ]; then
    gridbourse clear "$work/table1.csv" >/dev/full 2>"$work/err"
    [ $? -eq 1 ] && grep -q 'cannot write' "$work/err" && refuses 1 'cannot write' "$work/table1.csv" -o /dev/full && [ -c /dev/full ]
    ok 'a full disk is told, and a device is never replaced'
else
    skip 'a full disk is told, and a device is never replaced' 'there is no /dev/full'
fi
exit $failed
