# benchmarks of market
