"""Codes of what a field can be asked for, and how many floats a point each has."""

B, A, GRAD, POTENTIAL, H = range(5)

#: By code: B (T), A (T m), dB_i/dx_j row by row (T/m), scalar potential (A), H (A/m).
WIDTHS = (3, 3, 9, 1, 3)
