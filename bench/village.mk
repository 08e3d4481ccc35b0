# benchmarks of village
