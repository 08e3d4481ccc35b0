# benchmarks of market
GB_BENCHMARKS += bench/bench_market
bench_bench_market_SOURCES = %D%/bench_market.c $(GB_BENCH_REPORT)
bench_bench_market_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
