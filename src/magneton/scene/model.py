"""What all tables of a scene share: unknown and missing keys are told with the valid ones."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Tag, model_validator

from magneton.scene.errors import did_you_mean, shown
from magneton.scene.quantities import Quantity, problem

MAX_COUNT = 1_000_000
NUMBER, RANGE = "a number", "a range"  # tags of the two ways to write an axis; no key can be named so


def quantity_of(model: type[BaseModel], key: str) -> Quantity | None:
    """Return the quantity that a field of a model holds; None if it is no number."""
    return next((item for item in model.model_fields[key].metadata if isinstance(item, Quantity)), None)


_WORDS = {str(int): "a whole number", str(float): "a number", str(str): "a name"}


def _wanted(annotation: Any) -> str:
    """Return what a key that is no quantity must hold, in words."""
    if get_origin(annotation) is Literal:
        return " or ".join(repr(value) for value in get_args(annotation))
    if get_origin(annotation) is list:
        return "a list"
    return _WORDS.get(str(annotation), "a table")


class Table(BaseModel):
    """One table of the file: no unknown keys, no conversions behind the user's back, never changed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _check_keys(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        for key in data:
            if key not in cls.model_fields:
                raise problem(f"unknown key; {did_you_mean(key, cls.model_fields)}", (key,))
        for key, field in cls.model_fields.items():
            if field.is_required() and key not in data:
                quantity = quantity_of(cls, key)
                wanted = quantity.required if quantity else _wanted(field.annotation)
                raise problem(f"required but missing; it must be {wanted}", (key,))
        return data


def type_names(union: Any) -> list[str]:
    """Return the values of `type` that a union of tables tells apart."""
    return [get_args(model.model_fields["type"].annotation)[0] for model in get_args(union)]


def exactly_one(model: Table, *keys: str) -> str:
    """Return the one of `keys` that a table gives; raise if it gives none or several."""
    given = [key for key in keys if getattr(model, key) is not None]
    if len(given) != 1:
        raise problem(f"exactly one of {', '.join(keys)} is required, got {' and '.join(given) or 'none'}")
    return given[0]


def _checked_name(name: str) -> str:
    body = name.replace("_", "").replace("-", "")
    if not (name.isascii() and body.isalnum() and name[0].isalpha() and len(name) <= 64):
        raise problem(
            f"a name must start with a letter and hold at most 64 letters, digits, _ and -, got {shown(name)}"
        )
    return name


def _checked_text(text: str) -> str:
    if not text.isprintable() or len(text) > 500:
        raise problem(f"must be one line of printable text, got {shown(text)}")
    return text


Text = Annotated[str, AfterValidator(_checked_text)]
Name = Annotated[str, AfterValidator(_checked_name)]
Spacing = Literal["linear", "log"]


def spread(start: float, stop: float, count: int, spacing: Spacing) -> list[float]:
    """Return `count` numbers from `start` to `stop`, both included exactly."""
    import numpy as np

    if not 1 <= count <= MAX_COUNT:
        raise problem(f"must lie between 1 and {MAX_COUNT}, got {shown(count)}", ("count",))
    if count == 1 and start != stop:
        raise problem("must be at least 2 where start and stop differ, got 1", ("count",))
    if spacing == "log" and not (start > 0 and stop > 0):
        raise problem(f"log spacing needs start and stop above 0, got {start:g} and {stop:g}")
    with np.errstate(all="ignore"):
        if spacing == "log":
            inner = np.geomspace(start, stop, count)
        else:  # from both ends, so that an interval about zero is a mirror image of itself to the last digit
            inner = np.linspace(start, stop, count) / 2 + np.linspace(stop, start, count)[::-1] / 2
            inner[[0, -1]] = start, stop
    if not np.isfinite(inner).all():
        raise problem(f"start and stop lie too far apart, got {start:g} and {stop:g}")
    return inner.tolist()


class Range(Table):
    """Evenly spaced positions along an axis."""

    start: Annotated[float, Quantity("m")]
    stop: Annotated[float, Quantity("m")]
    count: int
    spacing: Spacing = "linear"

    @model_validator(mode="after")
    def _check(self) -> Range:
        if self.count > 1 and self.start == self.stop:
            raise problem(f"start and stop must differ, got {self.start:g} twice")
        self.values()
        return self

    def values(self) -> list[float]:
        """Return the positions."""
        return spread(self.start, self.stop, self.count, self.spacing)


def _number_or_range(value: Any) -> str:
    return RANGE if isinstance(value, dict | Range) else NUMBER


GridAxis = Annotated[
    Annotated[float, Quantity("m"), Tag(NUMBER)] | Annotated[Range, Tag(RANGE)],
    Discriminator(_number_or_range),
]
