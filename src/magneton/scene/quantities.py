"""Numbers of a scene: plain SI numbers, or text with a unit, read once into floats.

A field of a model is declared with the unit it is kept in, its shape and its sign, all in one place::

    radius: Annotated[float, Quantity("m", positive=True)]

so that ``radius = 0.1`` and ``radius = "10 cm"`` give the same float, and a sweep over it knows its unit.
"""

from __future__ import annotations

import math
from typing import Any

from pydantic_core import PydanticCustomError, core_schema

from magneton import units
from magneton.scene.errors import Keys, shown

_KINDS = {
    "1": ("a pure number", "2.5"),
    "m": ("a length", "'10 cm'"),
    "A": ("a current", "'20 mA'"),
    "A m": ("a pole strength", "'5 A m'"),
    "A m^2": ("a magnetic moment", "'3 erg/G'"),
    "T": ("a flux density", "'0.5 G'"),
    "rad": ("an angle", "'30 deg'"),
    "A/m": ("a magnetization", "'800 kA/m'"),
    "A/m^2": ("a density", "'2 A/mm^2'"),
    "m^3": ("a volume", "'8 mm^3'"),
    "C": ("a charge", "'1 nC'"),
    "kg": ("a mass", "'2 g'"),
    "m/s": ("a velocity", "'3 km/s'"),
    "rad/s": ("an angular velocity", "'100 rad/s'"),
    "s": ("a time", "'10 ms'"),
    "1/s": ("a rate", "'3 1/s'"),
    "1/m": ("a wave number", "'2 1/km'"),
    "J": ("an energy", "'100 keV'"),
    "K": ("a temperature", "'300 K'"),
    "V": ("a voltage", "'5 kV'"),
    "V/m": ("an electric field", "'2 mV/m'"),
    "T/m": ("a gradient", "'1 nT/km'"),
    "T/s": ("a rate of change of B", "'1 mT/s'"),
    "1/m^3": ("a number density", "'5 cm^-3'"),
    "1/(s T)": ("a gyromagnetic ratio", "'2.675e8 1/(s T)'"),
    "Hz": ("a frequency", "'10 kHz'"),
    "kg m^2": ("a moment of inertia", "'2 g cm^2'"),
    "m/s^2": ("an acceleration", "'9.81 m/s^2'"),
    "N s/m": ("a drag", "'1 uN s/m'"),
    "N m s": ("a drag on rotation", "'1 nN m s'"),
    "N m": ("a torque per radian", "'1 uN m'"),
}


def problem(message: str, at: Keys = ()) -> PydanticCustomError:
    """Return an error for pydantic: `at` is the path below the field or model that raises it."""
    return PydanticCustomError("scene", "{message}", {"message": message, "at": list(at)})


class Quantity:
    """Says what a field holds: its unit, shape (``None`` stands for any length) and limits."""

    def __init__(
        self,
        unit: str,
        shape: tuple[int | None, ...] = (),
        *,
        positive: bool = False,
        nonzero: bool = False,
        least: int = 1,
    ) -> None:
        """Declare a field; see the class."""
        self.unit = unit
        self.shape = shape
        self.positive = positive
        self.nonzero = nonzero
        self.least = least
        self.kind, self.example = _KINDS[unit]

    @property
    def required(self) -> str:
        """What the field must hold, in words."""
        one = self.kind if self.unit == "1" else f"{self.kind} in {self.unit}, or text such as {self.example}"
        if not self.shape:
            return one
        count = f"at least {self.least}" if self.shape[0] is None else str(self.shape[0])
        inner = "numbers" if len(self.shape) == 1 else f"lists of {self.shape[1]} numbers"
        return f"a list of {count} {inner}, each {one}"

    def read(self, value: Any) -> Any:
        """Return a float, or a list of them in the declared shape; raise what pydantic understands."""
        result = self._nested(value, self.shape, ())
        if self.positive and not result > 0:
            raise problem(f"must be positive, got {shown(value)}")
        if self.nonzero and not (any(result) if self.shape else result):
            raise problem(f"must not be zero, got {shown(value)}")
        return result

    def _nested(self, value: Any, shape: tuple[int | None, ...], at: Keys) -> Any:
        if not shape:
            return self._number(value, at)
        if not isinstance(value, list | tuple):
            raise problem(f"must be {self.required}, got {shown(value)}", at)
        wrong = len(value) < self.least if shape[0] is None else len(value) != shape[0]
        if wrong:
            raise problem(f"must be {self.required}, got {len(value)}: {shown(value)}", at)
        return [self._nested(item, shape[1:], (*at, i)) for i, item in enumerate(value)]

    def _number(self, value: Any, at: Keys) -> float:
        if type(value) is float and math.isfinite(value):
            return value
        if isinstance(value, str):
            try:
                return units.parse(value, self.unit)
            except (ValueError, ArithmeticError) as error:
                raise problem(f"must be {self.kind}: {error}", at) from None
        single = Quantity(self.unit).required
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise problem(f"must be {single}, got {shown(value)}", at)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise problem(f"must be finite: {single}, got {shown(value)}", at)
        return number

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Let pydantic read the field with this object alone."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Describe the field to editors."""
        result: dict[str, Any] = {"type": ["number", "string"], "description": f"{self.kind} [{self.unit}]"}
        for length in reversed(self.shape):
            least, most = (self.least, None) if length is None else (length, length)
            result = {"type": "array", "items": result, "minItems": least}
            if most is not None:
                result["maxItems"] = most
        return result
