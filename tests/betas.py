"""What agents.beta: adaptive makes of one slot's trades, from the tables of `gridbourse book` and
`clear` alone: the factor of every order in a slot follows from that of the slot before and what of
its meter's orders was matched there.

betas.py UP DOWN BOOK TRADES NEXT_BOOK"""
import csv
import sys


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def factors(book):
    """Of each meter's orders: their factor and energy. An amendment keeps the factor."""
    of = {}
    for row in book:
        if row["action"] == "add":
            beta, energy = of.get(row["owner"], (None, 0))
            assert beta in (None, row["beta"])
            of[row["owner"]] = row["beta"], energy + float(row["quantity"])
    return of


up, down = float(sys.argv[1]), float(sys.argv[2])
book, after = factors(rows(sys.argv[3])), factors(rows(sys.argv[5]))
matched = {}
for row in rows(sys.argv[4]):
    for side in "seller", "buyer":
        owner = row[side].split("-")[1]
        matched[owner] = matched.get(owner, 0) + float(row["quantity"])
assert matched and set(book) & set(after)
for owner, (beta, energy) in book.items():
    missed = 1 - matched.get(owner, 0) / energy
    beta = float(beta)
    beta += up * missed * (1 - beta) - down * (1 - missed) * beta
    if owner in after:
        assert abs(float(after[owner][0]) - beta) < 2e-6, (owner, after[owner], beta)
