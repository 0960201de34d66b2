"""Random numbers by counting: Philox4x32-10 [Salmon2011]_.

A number is a function of a key and of a counter, with no state in between. Each particle, moment or site counts its own
draws, so what it gets depends neither on the number of threads nor on the others.
"""

import numpy as np

from magneton._jit import inline_kernel

_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
LOW, _32, _12 = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(12)
_ROUNDS = 10


@inline_kernel
def philox(c0, c1, c2, c3, k0, k1):
    """Return four words of 32 random bits for the counter (c0, c1, c2, c3) and the key (k0, k1), all uint64."""
    for _ in range(_ROUNDS):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> _32) ^ c1 ^ k0,
            product_1 & LOW,
            (product_0 >> _32) ^ c3 ^ k1,
            product_0 & LOW,
        )
        k0 = (k0 + _WEYL_0) & LOW
        k1 = (k1 + _WEYL_1) & LOW
    return c0, c1, c2, c3


@inline_kernel
def long_words(draw, step, index, k0, k1):
    """Return two words of 64 random bits; `draw`, `step` and the key's words are below 2^32, all are uint64."""
    a, b, c, d = philox(draw, step, index & LOW, index >> _32, k0, k1)
    return (a << _32) | b, (c << _32) | d


@inline_kernel
def open_unit(word):
    """Return a number in (0, 1), never 0 or 1, from the upper 52 bits of a word of 64."""
    return (float(np.int64(word >> _12)) + 0.5) * 2.0**-52


@inline_kernel
def uniforms(key, particle, step, draw):
    """Return two numbers in (0, 1): the pair number `draw` of a step of particle, site or member number `particle`."""
    first, second = long_words(np.uint64(draw), np.uint64(step), np.uint64(particle), key[0], key[1])
    return open_unit(first), open_unit(second)
