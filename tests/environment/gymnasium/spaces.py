"""See the package: a box of numbers, its samples and what it contains."""
import numpy as np


class Box:
    def __init__(self, low, high, shape=None, dtype=np.float32):
        self.low, self.high = np.full(shape, low, dtype), np.full(shape, high, dtype)
        self.shape, self.dtype = tuple(shape), np.dtype(dtype)
        self._random = np.random.default_rng(0)

    def seed(self, seed=None):
        self._random = np.random.default_rng(seed)

    def sample(self):
        return self._random.uniform(self.low, self.high).astype(self.dtype)

    def contains(self, x):
        return (
            isinstance(x, np.ndarray)
            and x.shape == self.shape
            and x.dtype == self.dtype
            and bool(np.all(x >= self.low) and np.all(x <= self.high))
        )
