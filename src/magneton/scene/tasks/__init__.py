"""What a scene can compute: one class a kind of task.

To add a kind, write a subclass of `Task` (its keys, the variables it gives and `evaluate`) and list it here:
validation, sweeps, tables on screen, datasets and figures then work for it without further code.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from magneton.scene.model import type_names
from magneton.scene.tasks.base import Context, Coordinate, Task, Variable
from magneton.scene.tasks.distribution import DistributionTask
from magneton.scene.tasks.ensemble import EnsembleTask
from magneton.scene.tasks.field import FieldTask
from magneton.scene.tasks.inductance import MutualInductanceTask
from magneton.scene.tasks.interaction import InteractionTask
from magneton.scene.tasks.moment import MomentTask
from magneton.scene.tasks.orbit import OrbitTask

_Union = (
    InteractionTask
    | FieldTask
    | MomentTask
    | MutualInductanceTask
    | OrbitTask
    | EnsembleTask
    | DistributionTask
)
AnyTask = Annotated[_Union, Field(discriminator="type")]
TASK_TYPES = type_names(_Union)

__all__ = ["TASK_TYPES", "AnyTask", "Context", "Coordinate", "Task", "Variable"]
