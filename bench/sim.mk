# benchmarks of sim
