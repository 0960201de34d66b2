"""Pictures of results. Matplotlib is loaded when the first picture is made, not before."""

from magneton.plot.figures import draw, draw_scene, save

__all__ = ["draw", "draw_scene", "save"]
