"""The quantities that sources give at points: dimensions, units and names, for every table and file."""

from __future__ import annotations

from typing import NamedTuple

#: Names of the dimensions of a vector, and of its derivatives.
COMPONENT, DERIVATIVE = "component", "derivative"


class FieldQuantity(NamedTuple):
    """A quantity known at points: its dimensions beside theirs, its unit and its name in words."""

    dims: tuple[str, ...]
    unit: str
    long_name: str


#: By the name of the source's method.
FIELDS = {
    "B": FieldQuantity((COMPONENT,), "T", "magnetic flux density"),
    "H": FieldQuantity((COMPONENT,), "A/m", "magnetic field strength"),
    "A": FieldQuantity((COMPONENT,), "T m", "magnetic vector potential"),
    "grad_B": FieldQuantity((COMPONENT, DERIVATIVE), "T/m", "gradient of the magnetic flux density"),
    "scalar_potential": FieldQuantity((), "A", "magnetic scalar potential"),
}
