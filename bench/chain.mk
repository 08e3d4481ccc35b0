# benchmarks of chain
