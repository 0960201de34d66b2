"""Fields of coupled unit vectors: a stencil on simple lattices, and lists of neighbours on any.

All these kernels add scale_i sum_j K_ij u_j, the field of the energy -sum over bonds u_i.K_ij.u_j, with scale = 1/|m|.
Each site is summed in one order, whoever sums it.
"""

import numpy as np

from magneton._jit import kernel, summing_kernel


@kernel
def _load(buffer, plane, width, low, high, periodic):
    """Copy places low..high of a plane, with a row on either side: wrapped around, or zeros beyond an open end."""
    size, end = high - low, len(plane)
    for k in range(size):
        buffer[width + k] = plane[low + k]
    before, after = (low - width) % end, high % end
    has_before, has_after = low > 0 or periodic, high < end or periodic
    for k in range(width):
        buffer[k] = plane[before + k] if has_before else 0.0
        buffer[width + size + k] = plane[after + k] if has_after else 0.0


@summing_kernel
def _set_across(total, Jx, west, east, Jy, south, north):
    for k in range(len(total)):
        total[k] = Jx * (west[k] + east[k]) + Jy * (south[k] + north[k])


@summing_kernel
def _add_along(target, weight, across, down, before, up, after):
    for k in range(len(target)):
        target[k] += weight[k] * (across[k] + down[k] * before[k] + up[k] * after[k])


@summing_kernel
def _add_ends(target, weight, here, width, J):
    """Add the neighbours around the periodic ends of each row."""
    for start in range(0, len(target), width):
        for k in range(3):
            low, high = start + k, start + width - 3 + k
            target[low] += weight[low] * J * here[high]
            target[high] += weight[high] * J * here[low]


@summing_kernel
def add_stencil(rows, out, first, last, height, J, periodic, scale, zeros, inner):
    """Add the field of the neighbours along the three axes, in blocks of rows number first..last.

    `rows` and `out` have shape (nx, ny, 3 nz): components lie side by side, and as the coupling does not mix them, a
    neighbour along z is three places away. A block is `height` rows of a plane or what is left of them. `scale`,
    shape (1 or nx, ny, 3 nz), is a row of planes; `inner`, shape (2, height 3 nz), couples along z within rows, with
    zeros at their ends. The loops are short of arrays: a compiler vectorises only what it can check for overlap.
    """
    nx, ny, width = rows.shape
    blocks = (ny + height - 1) // height
    buffer, across = np.empty((height + 2) * width), np.empty(height * width)
    flat, result = rows.reshape(nx, ny * width), out.reshape(nx, ny * width)
    weights = scale.reshape(len(scale), ny * width)
    for block in range(first, last):
        x = block // blocks
        low = block % blocks * height * width
        high = min(low + height * width, ny * width)
        here, size = slice(low, high), high - low
        _load(buffer, flat[x], width, low, high, periodic[1])
        west = flat[(x - 1) % nx, here] if x > 0 or periodic[0] else zeros[:size]
        east = flat[(x + 1) % nx, here] if x < nx - 1 or periodic[0] else zeros[:size]
        _set_across(
            across[:size], J[0], west, east, J[1], buffer[:size], buffer[2 * width : 2 * width + size]
        )
        target, weight = result[x, here], weights[x % len(scale), here]
        before, after = buffer[width - 3 : width - 3 + size], buffer[width + 3 : width + 3 + size]
        _add_along(target, weight, across[:size], inner[0, :size], before, inner[1, :size], after)
        if periodic[2] and width > 3:
            _add_ends(target, weight, flat[x, here], width, J[2])


@summing_kernel
def add_neighbours(u, out, first, last, starts, neighbours, J, scale):
    """Add the field of listed neighbours, coupled by numbers J, at sites first..last."""
    for i in range(first, last):
        x = y = z = 0.0
        for p in range(starts[i], starts[i + 1]):
            j = neighbours[p]
            x += J[p] * u[j, 0]
            y += J[p] * u[j, 1]
            z += J[p] * u[j, 2]
        out[i, 0] += scale[i] * x
        out[i, 1] += scale[i] * y
        out[i, 2] += scale[i] * z


@summing_kernel
def add_coupled_neighbours(u, out, first, last, starts, neighbours, kinds, matrices, scale):
    """Add the field of listed neighbours, coupled by one of a few matrices each, at sites first..last."""
    for i in range(first, last):
        x = y = z = 0.0
        for p in range(starts[i], starts[i + 1]):
            j, k = neighbours[p], kinds[p]
            a, b, c = u[j, 0], u[j, 1], u[j, 2]
            x += matrices[k, 0, 0] * a + matrices[k, 0, 1] * b + matrices[k, 0, 2] * c
            y += matrices[k, 1, 0] * a + matrices[k, 1, 1] * b + matrices[k, 1, 2] * c
            z += matrices[k, 2, 0] * a + matrices[k, 2, 1] * b + matrices[k, 2, 2] * c
        out[i, 0] += scale[i] * x
        out[i, 1] += scale[i] * y
        out[i, 2] += scale[i] * z
