"""Draws of agents by their addresses: (seed, purpose, whose they are), by BLAKE2b and Philox."""
import hashlib
from math import floor

TRAITS, MIX = 40, 43  # purposes
OWNERS = 2**28
MASK = 2**32 - 1


def philox(counter, key):
    """Philox4x32-10 of Salmon et al. 2011, four words."""
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(b >> 32) ^ c[1] ^ k[0], b & MASK, (a >> 32) ^ c[3] ^ k[1], a & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def words(data):
    digest = hashlib.blake2b(data, digest_size=32).digest()
    return int.from_bytes(digest[:4], "big"), int.from_bytes(digest[4:8], "big")


def owner(name):
    """Of a home that is called by its kind and its number within it, or has a name of its own."""
    kind, _, number = name.rpartition(" ")
    if not kind or not number.isascii() or not number.isdigit() or number[0] == "0" or len(number) > 8:
        kind, number = name, "1"
    return (words(kind.encode())[0] % OWNERS + int(number) - 1) % OWNERS


def uniforms(seed, purpose, whose, draw=0):
    """Two, within (0, 1)."""
    key = words(seed.to_bytes(8, "big") + bytes(4) + purpose.to_bytes(4, "big"))
    w = philox((whose, 0, 0, draw), key)
    return [((w[i] << 20 | w[i + 1] >> 12) + 0.5) * 2.0**-52 for i in (0, 2)]


def half_away(x):
    """The nearest whole number, halves away from 0."""
    return floor(x + 0.5) if x >= 0 else -floor(0.5 - x)


def picked(low, high, uniform):
    """A whole number from low to high, both included."""
    return min(low + int((high - low + 1) * uniform), high)
