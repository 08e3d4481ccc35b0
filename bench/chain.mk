# benchmarks of chain
GB_BENCHMARKS += bench/bench_pbft
bench_bench_pbft_SOURCES = bench/bench_pbft.c tests/flows.h $(GB_BENCH_REPORT)
bench_bench_pbft_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
GB_BENCHMARKS += bench/bench_transaction
bench_bench_transaction_SOURCES = bench/bench_transaction.c $(GB_BENCH_REPORT)
bench_bench_transaction_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
GB_BENCHMARKS += bench/bench_contracts
bench_bench_contracts_SOURCES = bench/bench_contracts.c $(GB_BENCH_REPORT)
bench_bench_contracts_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
