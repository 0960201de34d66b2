"""Scenes: a TOML file in, checked models, objects, and results with units out.

``load_scene`` reads and checks a file, ``run_scene`` computes what it asks for, ``write_results`` saves it.
A scene is data: nothing in it is ever evaluated as code.
"""

from magneton.scene.errors import SceneError
from magneton.scene.load import Scene, load_scene, read_scene
from magneton.scene.output import Outputs, write_results
from magneton.scene.run import run_scene
from magneton.scene.schema import SceneTable

__all__ = [
    "Outputs",
    "Scene",
    "SceneError",
    "SceneTable",
    "load_scene",
    "read_scene",
    "run_scene",
    "write_results",
]
