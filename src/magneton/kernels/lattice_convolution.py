"""Products of spectra: the fields of dipoles on a lattice at each wave vector."""

from magneton._jit import summing_kernel


@summing_kernel
def _set_own(m, N, B):
    """Set B = N m for one site a cell; `B` may be `m`, as a wave vector is read before it is written."""
    for k in range(m.shape[1]):
        x, y, z = m[0, k], m[1, k], m[2, k]
        B[0, k] = N[0, k] * x + N[3, k] * y + N[4, k] * z
        B[1, k] = N[3, k] * x + N[1, k] * y + N[5, k] * z
        B[2, k] = N[4, k] * x + N[5, k] * y + N[2, k] * z


@summing_kernel
def _add_others(m, N, B):
    for k in range(m.shape[1]):
        x, y, z = m[0, k], m[1, k], m[2, k]
        B[0, k] += N[0, k] * x + N[3, k] * y + N[4, k] * z
        B[1, k] += N[3, k] * x + N[1, k] * y + N[5, k] * z
        B[2, k] += N[4, k] * x + N[5, k] * y + N[2, k] * z


@summing_kernel
def apply_tensors(moments, tensors, first, fields):
    """Set B_a = sum_b N_ab m_b at the wave vectors of some rows.

    `moments` and `fields` have shape (b, 3, rows, K), complex, and `fields` is `moments` itself for b = 1, zeros
    otherwise; `tensors`, shape (b, b, 6, more rows, K), real or complex, in the order xx, yy, zz, xy, xz, yz, are taken
    from row `first` on.
    """
    sites, rows = len(moments), moments.shape[2]
    for row in range(rows):
        if sites == 1:
            _set_own(moments[0, :, row], tensors[0, 0, :, first + row], fields[0, :, row])
        else:
            for a in range(sites):
                for b in range(sites):
                    _add_others(moments[b, :, row], tensors[a, b, :, first + row], fields[a, :, row])
