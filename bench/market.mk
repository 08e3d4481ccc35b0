# benchmarks of market
GB_BENCHMARKS += bench/bench_market
bench_bench_market_SOURCES = %D%/bench_market.c $(GB_BENCH_REPORT)
bench_bench_market_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
GB_BENCHMARKS += bench/bench_continuous
bench_bench_continuous_SOURCES = %D%/bench_continuous.c $(GB_BENCH_REPORT)
bench_bench_continuous_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
GB_BENCHMARKS += bench/bench_agents
bench_bench_agents_SOURCES = %D%/bench_agents.c $(GB_BENCH_REPORT)
bench_bench_agents_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
