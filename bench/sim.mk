# benchmarks of sim
GB_BENCHMARKS += bench/bench_sim
bench_bench_sim_SOURCES = bench/bench_sim.c $(GB_BENCH_REPORT)
bench_bench_sim_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
