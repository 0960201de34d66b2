"""An estimate as a table in text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from magneton.estimation.estimate import MomentEstimate


def with_uncertainty(value: float, std: float) -> tuple[str, str]:
    """Return a value and its standard deviation, of two digits, to the same decimal."""
    if not math.isfinite(std) or std <= 0.0 or not math.isfinite(value):
        return f"{value:.6g}", f"{std:.2g}"
    power = math.floor(math.log10(max(abs(value), std)))
    digits = min(15, max(1, power - math.floor(math.log10(std)) + 1))
    return f"{value / 10.0**power:.{digits}f}e{power:+03d}", f"{std / 10.0**power:.{digits}f}e{power:+03d}"


def table(estimate: MomentEstimate) -> str:
    """Return the table."""
    rows = [("parameter", "value", "std", "unit")]
    for name, unit, value, std in zip(
        estimate.names, estimate.units, estimate.parameters, estimate.std.values(), strict=True
    ):
        rows.append((name, *with_uncertainty(float(value), std), unit))
    widths = [max(len(row[k]) for row in rows) for k in range(4)]
    plural = "s" if estimate.n_dipoles > 1 else ""
    lines = [f"{estimate.method}: {estimate.n_dipoles} moment{plural}, {len(estimate.values)} readings"]
    lines += [f"  {a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {d}" for a, b, c, d in rows]
    if estimate.noise_known:
        quality = f"reduced chi-square {estimate.reduced_chi_square:.3g} (p = {estimate.p_value:.2g})"
    else:
        quality = f"noise estimated from the residuals: {estimate.noise[0]:.3g} (first reading)"
    lines.append(f"  {quality}, {estimate.dof} degrees of freedom, condition {estimate.condition:.2g}")
    lines += [f"  warning: {text}" for text in estimate.warnings]
    return "\n".join(lines)
