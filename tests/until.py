"""The number of replications of a sweep in two stages, computed anew from the rows of its pilot:
argv is the result, the pilot, the half width and the most replications."""
import math
import sys

import h5py
import numpy as np

T29 = 2.045229642132703  # Student's t at 97.5 %, 29 degrees of freedom (tables)

with h5py.File(sys.argv[1]) as file:
    summary = file["summary"]
    cost = summary["buyers_cost"][()] * summary["buyers_cost"].attrs["scale_factor"]
    case = summary["case"].asstr()[()]
    beta = summary["market.beta"][()]
    replication = summary["replication"][()]
    found = int(file["provenance"].attrs["n_replications"][0])
    reached = int(file["provenance"].attrs["precision_reached"][0])

pilot, half_width, most = int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])


def average(of_case, of_beta, r):
    """The mean over the start dates of one replication."""
    return cost[(case == of_case) & (beta == of_beta) & (replication == r)].mean()


needed = pilot
for name in ("ideal", "pbft"):
    differences = np.array([average(name, 0.9, r) - average(name, 0.1, r) for r in range(pilot)])
    needed = max(needed, math.ceil((T29 * differences.std(ddof=1) / half_width) ** 2))
counts = {int((np.sort(replication[(case == c) & (beta == b)]) ==
               np.repeat(np.arange(found), 2)).all()) for c in ("ideal", "pbft") for b in (0.1, 0.9)}
if found != min(needed, most) or reached != int(needed <= most) or counts != {1}:
    sys.exit(f"{found} replications, reached {reached}; expected {needed}, at most {most}; {counts}")
print(found)
