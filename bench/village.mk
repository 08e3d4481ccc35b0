# benchmarks of village
GB_BENCHMARKS += bench/bench_physics
bench_bench_physics_SOURCES = %D%/bench_physics.c
bench_bench_physics_LDADD = $(GB_LIBS) $(GB_EXTERNAL_LIBS)
