# physics alone, and whole village days
GB_BENCHMARKS += bench/bench_physics bench/bench_village
bench_bench_physics_SOURCES = bench/bench_physics.c $(GB_BENCH_REPORT)
bench_bench_physics_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
bench_bench_village_SOURCES = bench/bench_village.c $(GB_BENCH_REPORT)
bench_bench_village_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
GB_BENCHMARKS += bench/bench_sharing
bench_bench_sharing_SOURCES = bench/bench_sharing.c $(GB_BENCH_REPORT)
bench_bench_sharing_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
# what a trial and a row of it cost
GB_BENCHMARKS += bench/bench_result
bench_bench_result_SOURCES = bench/bench_result.c $(GB_BENCH_PROGRAM) $(GB_BENCH_REPORT)
bench_bench_result_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
# what a sweep costs beside its trials
GB_BENCHMARKS += bench/bench_sweep
bench_bench_sweep_SOURCES = bench/bench_sweep.c $(GB_BENCH_PROGRAM) $(GB_BENCH_REPORT)
bench_bench_sweep_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
# strategies of the user's own
GB_BENCHMARKS += bench/bench_process
bench_bench_process_SOURCES = bench/bench_process.c $(GB_BENCH_REPORT)
bench_bench_process_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
GB_BENCHMARKS += bench/bench_series
bench_bench_series_SOURCES = bench/bench_series.c $(GB_BENCH_REPORT)
bench_bench_series_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
