"""Numbers with their uncertainties."""

import numpy as np
import pytest

from magneton.estimation import fit_dipoles, from_torque, read_readings
from magneton.estimation._summary import rows as rows_of
from magneton.estimation._summary import scaled, shortened, with_uncertainty


@pytest.mark.parametrize(
    ("value", "std", "shown"),
    [
        (0.0100123, 0.0002, "0.01001(20)"),
        (123.456, 1.23, "123.5(1.2)"),
        (12345.6, 230.0, "12350(230)"),
        (12345.6, 23.4, "12346(23)"),
        (0.05, 9.96, "0(10)"),
        (1.0, 0.0996, "1.00(10)"),
        (1.0, 0.996, "1.0(1.0)"),
        (-0.001, 2.0, "0.0(2.0)"),
        (-4.0, 0.5, "-4.00(50)"),
        (50.00000000000001, 5e-15, "50(5e-15)"),
        (2.0, float("inf"), "2(inf)"),
        (2.0, float("nan"), "2(?)"),
        (2.5, 0.0, "2.5"),
    ],
)
def test_value_and_uncertainty(value: float, std: float, shown: str) -> None:
    assert with_uncertainty(value, std) == shown


@pytest.mark.parametrize(
    ("value", "unit", "size", "name"),
    [
        (0.012, "m", 1e-3, "mm"),
        (5e3, "m", 1e3, "km"),
        (5e9, "m", 1e9, "10^9 m"),
        (0.06, "A m^2", 1e-3, "mA m^2"),
        (7.7e22, "A m^2", 1e22, "10^22 A m^2"),
        (9e-24, "A m^2", 1e-24, "10^-24 A m^2"),
        (3e-8, "T", 1e-9, "nT"),
        (3e-8, "T/m", 1e-9, "nT/m"),
        (3e-5, "m^2", 1e-5, "10^-5 m^2"),  # a square millimetre is no thousandth of a square metre
        (0.3, "1", 1.0, ""),
    ],
)
def test_units_of_sensible_size(value: float, unit: str, size: float, name: str) -> None:
    assert scaled(np.array([value, 0.0]), np.array([0.1 * value]), unit) == (pytest.approx(size), name)


def test_a_table_has_vectors_in_a_row_and_not_all_offsets(tmp_path) -> None:
    path = tmp_path / "d.csv"
    places = [(0.1 * i, 0.1 * j, 0.02 * i * j) for i in (-1, 0, 1, 2) for j in (-1, 1)]
    rows = "\n".join(
        f"{x},{y},{z},{100 * x + 5},{50 * y - 7 * x},{z + 1}" for x, y, z in places
    )  # no dipole at all
    path.write_text(f"# noise: 1 nT\nx_m,y_m,z_m,Bx_nT,By_nT,Bz_nT\n{rows}\n")
    with pytest.warns(UserWarning, match="."):
        fit = fit_dipoles(read_readings(path), offsets=1e-9, background="uniform", start=[0, 0, 0.3])
    labels = [row.label for row in shortened(rows_of(fit))]
    assert labels[:4] == ["position", "moment", "|moment|", "background"]
    assert labels[-2:] == ["offset 11", "and 12 more"]
    assert "warning: " in fit.summary()


def test_a_moment_without_place() -> None:
    B = np.eye(3) * 1e-3
    estimate = from_torque(B, np.cross([0.1, 0.2, -0.3], B), noise=1e-7)
    (line,) = [line.split() for line in estimate.summary().splitlines() if line.startswith("  moment  ")]
    assert line == ["moment", "100.000(71)", "200.000(71)", "-300.000(71)", "mA", "m^2"]
