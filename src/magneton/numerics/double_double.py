"""Error-free transformations: sums and products whose rounding error is kept as a second float.

A double-double is a pair (high, low) of floats whose exact sum is the number. Source: [Dekker1971]_,
[OgitaRumpOishi2005]_.
"""

from magneton._jit import fma, inline_kernel


@inline_kernel
def two_sum(a, b):
    """Return (s, e) with s = fl(a + b) and s + e = a + b exactly."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


@inline_kernel
def two_product(a, b):
    """Return (p, e) with p = fl(a b) and p + e = a b exactly."""
    p = a * b
    return p, fma(a, b, -p)


@inline_kernel
def ring_excess(x, y, radius):
    """Return x^2 + y^2 - radius^2 as if computed in twice the precision and rounded once."""
    xx, ex = two_product(x, x)
    yy, ey = two_product(y, y)
    aa, ea = two_product(radius, radius)
    s, es = two_sum(xx, yy)
    d, ed = two_sum(s, -aa)
    return d + ((es + ed) + ((ex + ey) - ea))


@inline_kernel
def product_difference(ah, al, bh, bl, ch, cl, dh, dl):
    """Return a b - c d for double-doubles a, b, c, d, rounded once."""
    p, ep = two_product(ah, bh)
    q, eq = two_product(ch, dh)
    s, es = two_sum(p, -q)
    return s + (es + ((ep - eq) + ((ah * bl + al * bh) - (ch * dl + cl * dh))))


@inline_kernel
def difference_of_products(a, b, c, d):
    """Return a b - c d to within two roundings of the result, however much cancels (Kahan)."""
    cd = c * d
    error = fma(-c, d, cd)
    return fma(a, b, -cd) + error
