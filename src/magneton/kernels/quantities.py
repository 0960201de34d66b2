"""Codes of what a field can be asked for, and how many floats a point each has."""

B, A, GRAD, POTENTIAL, H, EM, EM_GRAD, EM_POTENTIALS = range(8)

#: By code: B (T), A (T m), dB_i/dx_j row by row (T/m), scalar potential (A), H (A/m), and of fields that move charges
#: (see `magneton.kernels.electromagnetic`): B and E; these with all derivatives; A and the electric potential.
WIDTHS = (3, 3, 9, 1, 3, 6, 30, 4)
