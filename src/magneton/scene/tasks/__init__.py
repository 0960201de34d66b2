"""What a scene can compute: one class a kind of task.

To add a kind, write a subclass of `Task` (its keys, the variables it gives and `evaluate`) and list it here:
validation, sweeps, tables on screen, datasets and figures then work for it without further code.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from magneton.scene.model import type_names
from magneton.scene.tasks.base import Context, Coordinate, Task, Variable
from magneton.scene.tasks.bloch import BlochTask
from magneton.scene.tasks.distribution import DistributionTask
from magneton.scene.tasks.ensemble import EnsembleTask
from magneton.scene.tasks.field import FieldTask
from magneton.scene.tasks.hanging_rod import HangingRodTask
from magneton.scene.tasks.hysteresis import DrivenLoopTask, HysteresisTask
from magneton.scene.tasks.inductance import MutualInductanceTask
from magneton.scene.tasks.interaction import InteractionTask
from magneton.scene.tasks.moment import MomentTask
from magneton.scene.tasks.monte_carlo import MonteCarloTask
from magneton.scene.tasks.orbit import OrbitTask
from magneton.scene.tasks.rigid_magnets import RigidMagnetsTask
from magneton.scene.tasks.segments import SEGMENT_TYPES
from magneton.scene.tasks.spins import SpinsTask
from magneton.scene.tasks.terms import TERM_TYPES, WAVE_TYPES
from magneton.scene.tasks.walls import WALL_TYPES

_Union = (
    InteractionTask
    | FieldTask
    | MomentTask
    | MutualInductanceTask
    | OrbitTask
    | EnsembleTask
    | DistributionTask
    | SpinsTask
    | HysteresisTask
    | DrivenLoopTask
    | RigidMagnetsTask
    | BlochTask
    | HangingRodTask
    | MonteCarloTask
)
AnyTask = Annotated[_Union, Field(discriminator="type")]
TASK_TYPES = type_names(_Union)
#: Types of the tables in the lists that tasks hold, by the list's key.
INNER_TYPES = {"walls": WALL_TYPES, "terms": TERM_TYPES, "drive": WAVE_TYPES, "sequence": SEGMENT_TYPES}

__all__ = ["INNER_TYPES", "TASK_TYPES", "AnyTask", "Context", "Coordinate", "Task", "Variable"]
