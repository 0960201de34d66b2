"""Numbers with and without units, and where problems with them are found."""

import pytest
from pydantic import TypeAdapter, ValidationError

from magneton.scene.quantities import Quantity, problem


@pytest.mark.parametrize(
    ("quantity", "value", "expected"),
    [
        (Quantity("m"), 0.1, 0.1),
        (Quantity("m"), "10 cm", 0.1),
        (Quantity("m"), 3, 3.0),
        (Quantity("A m^2"), "1 erg/G", 1e-3),
        (Quantity("T"), "0.5 G", 5e-5),
        (Quantity("1"), "2.5", 2.5),
        (Quantity("m", (3,)), ["1 mm", 0, 2], [1e-3, 0.0, 2.0]),
        (Quantity("m", (None, 3)), [[0, 0, 0], ["1 km", 0, 0]], [[0, 0, 0], [1000, 0, 0]]),
    ],
)
def test_values(quantity, value, expected):
    assert quantity.read(value) == expected
    assert not isinstance(quantity.read(value), int)


@pytest.mark.parametrize(
    ("value", "at"), [([[0, 0, 0], [1, "x", 0]], [1, 1]), ([[0, 0, 0], [1, 2]], [1]), ([], []), ("x", [])]
)
def test_problems_name_the_place(value, at):
    with pytest.raises(ValueError) as error:
        Quantity("m", (None, 3)).read(value)
    assert error.value.context["at"] == at


def test_signs():
    with pytest.raises(ValueError, match="positive"):
        Quantity("m", positive=True).read(0.0)
    with pytest.raises(ValueError, match="must not be zero"):
        Quantity("1", (3,), nonzero=True).read([0, 0, 0])


def test_json_schema_tells_shape_and_unit():
    from typing import Annotated

    schema = TypeAdapter(Annotated[list, Quantity("m", (None, 3), least=2)]).json_schema()
    assert schema["type"] == "array"
    assert schema["minItems"] == 2
    assert schema["items"]["minItems"] == schema["items"]["maxItems"] == 3
    assert "[m]" in schema["items"]["items"]["description"]


def test_problem_survives_pydantic():
    with pytest.raises(ValidationError) as error:
        TypeAdapter(dict[str, int]).validate_python({"a": "b"}, strict=True)
    assert error.value.error_count() == 1
    assert problem("p {x}", (1,)).message() == "p {x}"
