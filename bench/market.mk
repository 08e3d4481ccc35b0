# benchmarks of market
GB_BENCHMARKS += bench/bench_market
bench_bench_market_SOURCES = %D%/bench_market.c
bench_bench_market_LDADD = libmodels.a libsim.a
