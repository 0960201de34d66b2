"""A vector turned by the tangent of half an angle, so that the rounding of many turns does not change its length."""

from magneton._jit import inline_kernel


@inline_kernel
def turned_by_tangent(x, y, z, tx, ty, tz, share):
    """Return v + share [v x t + (v x t) x t]/(1 + t^2).

    Twice the bracket, share = 2, turns v by the angle 2 atan |t| about -t. Added to v, and not v multiplied by a factor
    near one, its rounding does not bias |v|.
    """
    s = share / (1.0 + tx * tx + ty * ty + tz * tz)
    ax, ay, az = y * tz - z * ty, z * tx - x * tz, x * ty - y * tx
    return (
        x + s * (ax + (ay * tz - az * ty)),
        y + s * (ay + (az * tx - ax * tz)),
        z + s * (az + (ax * ty - ay * tx)),
    )
