"""Monte Carlo moves of classical unit vectors on a lattice: Metropolis, heat bath and reflection.

Energies are in units of k_B T. A site sees E/(k_B T) = -h.u - kappa (u.a)^2, with h the field of its neighbours and
from outside. Sites of one colour are no neighbours of each other, so they may be moved in any order; random numbers
are a function of seed, site and sweep [Salmon2011]_. So no result depends on who moves which site.
"""

import math

import numpy as np

from magneton._jit import inline_kernel, kernel
from magneton.numerics.philox import uniforms

METROPOLIS, HEAT_BATH, REFLECTION = range(3)


@kernel
def colour_sites(starts, neighbours):
    """Return colours, shape (n,): each site takes the first that no neighbour has."""
    colours = np.full(len(starts) - 1, -1, np.int64)
    for i in range(len(colours)):
        colour = 0
        p = starts[i]
        while p < starts[i + 1]:
            if colours[neighbours[p]] == colour:
                colour += 1
                p = starts[i]
            else:
                p += 1
        colours[i] = colour
    return colours


@inline_kernel
def _turned(x, y, z, down, phi):
    """Return the unit vector at an angle from (x, y, z) whose cosine is 1 - down, turned by phi around it."""
    sign = math.copysign(1.0, z)
    a = -1.0 / (sign + z)
    b = x * y * a
    across = math.sqrt(max(down * (2.0 - down), 0.0))
    c, s, along = across * math.cos(phi), across * math.sin(phi), 1.0 - down
    px = along * x + c * (1.0 + sign * x * x * a) + s * b
    py = along * y + c * sign * b + s * (sign + y * y * a)
    pz = along * z - c * sign * x - s * y
    norm = 1.0 / math.sqrt(px * px + py * py + pz * pz)
    return px * norm, py * norm, pz * norm


@inline_kernel
def _boltzmann_down(h, r):
    """Return 1 - cos theta distributed as exp(h cos theta), for a number r in (0, 1)."""
    return -math.log1p(math.expm1(-2.0 * h) * r) / h if h > 0.0 else 2.0 * r


@kernel
def move_sites(
    move, u, sites, first, last, starts, neighbours, coupling, fields, kappa, axis, cone, key, sweep
):
    """Move sites[first:last] once; return how many moves were accepted.

    `coupling`, one for each entry of the table of neighbours, `fields`, shape (n, 3), and `kappa` are per k_B T; `cone`
    is 1 - cos of the widest angle of a Metropolis move. A heat bath draws from the field and a reflection keeps its
    energy, so that only the anisotropy is left to accept or reject.
    """
    accepted = 0
    ax, ay, az = axis[0], axis[1], axis[2]
    for place in range(first, last):
        i = sites[place]
        hx, hy, hz = fields[i, 0], fields[i, 1], fields[i, 2]
        for p in range(starts[i], starts[i + 1]):
            j, J = neighbours[p], coupling[p]
            hx += J * u[j, 0]
            hy += J * u[j, 1]
            hz += J * u[j, 2]
        x, y, z = u[i, 0], u[i, 1], u[i, 2]
        h2 = hx * hx + hy * hy + hz * hz
        h = math.sqrt(h2)
        nx, ny, nz, rise = x, y, z, 0.0
        if move == REFLECTION:
            if h > 0.0:
                twice = 2.0 * (x * hx + y * hy + z * hz) / h2
                nx, ny, nz = twice * hx - x, twice * hy - y, twice * hz - z
                norm = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz)
                nx, ny, nz = nx * norm, ny * norm, nz * norm
        else:
            a, b = uniforms(key, i, sweep, 0)
            if move == HEAT_BATH:
                dx, dy, dz = (hx / h, hy / h, hz / h) if h > 0.0 else (0.0, 0.0, 1.0)
                nx, ny, nz = _turned(dx, dy, dz, _boltzmann_down(h, a), 2.0 * math.pi * b)
            else:
                nx, ny, nz = _turned(x, y, z, cone * a, 2.0 * math.pi * b)
                rise = -((nx - x) * hx + (ny - y) * hy + (nz - z) * hz)
        if kappa != 0.0:
            before, after = x * ax + y * ay + z * az, nx * ax + ny * ay + nz * az
            rise -= kappa * (after - before) * (after + before)
        if rise <= 0.0 or uniforms(key, i, sweep, 1)[0] < math.exp(-rise):
            u[i, 0], u[i, 1], u[i, 2] = nx, ny, nz
            accepted += 1
    return accepted
