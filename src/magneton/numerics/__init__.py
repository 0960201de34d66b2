"""Numerical building blocks: double-double arithmetic, elliptic integrals, quadrature, harmonics."""
