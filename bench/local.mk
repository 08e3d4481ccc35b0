# Benchmarks are built and run by `make bench` only; no test ever times anything.
GB_BENCHMARKS =
include bench/sim.mk
include bench/market.mk
include bench/chain.mk
include bench/village.mk
EXTRA_PROGRAMS += $(GB_BENCHMARKS)
CLEANFILES += $(GB_BENCHMARKS)
bench: $(GB_BENCHMARKS) gridbourse
	@for b in $(GB_BENCHMARKS); do ./$$b || exit 1; done
.PHONY: bench
