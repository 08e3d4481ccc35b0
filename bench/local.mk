# Benchmarks are built and run by `make bench` only; no test ever times anything. before.tsv holds the
# figures of the release before: at a release `make bench GB_BENCH_RECORD=FILE` writes the next one.
GB_BENCHMARKS =
GB_BENCH_REPORT = bench/report.c bench/report.h
GB_BENCH_PROGRAM = bench/program.c bench/program.h
include bench/sim.mk
include bench/market.mk
include bench/chain.mk
include bench/village.mk
EXTRA_PROGRAMS += $(GB_BENCHMARKS)
EXTRA_DIST += bench/before.tsv
CLEANFILES += $(GB_BENCHMARKS)
GB_BENCH_RECORD =
bench: $(GB_BENCHMARKS) gridbourse
	@echo "CPU time of one process; before: figures of the release before, see bench/before.tsv"
	@GB_BENCH_BEFORE=$(srcdir)/bench/before.tsv; export GB_BENCH_BEFORE; \
	GB_BENCH_RECORD=$(GB_BENCH_RECORD); export GB_BENCH_RECORD; \
	GB_BENCH_SOURCE=$(srcdir); export GB_BENCH_SOURCE; \
	for b in $(GB_BENCHMARKS); do ./$$b || exit 1; done
bench-programs: $(GB_BENCHMARKS)
.PHONY: bench bench-programs
