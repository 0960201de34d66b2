"""Pictures of results, sources, orbits and moments in motion.

Plotting libraries are loaded when the first picture is made, not before.
"""

from __future__ import annotations

from magneton._lazy import lazy_names

#: Public name -> the module that defines it.
_HOMES = {
    "draw": "magneton.plot.figures",
    "draw_scene": "magneton.plot.figures",
    "plot_bounce": "magneton.plot.orbits",
    "plot_components": "magneton.plot.moment_plots",
    "plot_estimate": "magneton.plot.estimates",
    "plot_hysteresis": "magneton.plot.moment_plots",
    "plot_moments": "magneton.plot.moment_plots",
    "plot_mu": "magneton.plot.orbits",
    "plot_on_sphere": "magneton.plot.sphere",
    "plot_orbit": "magneton.plot.orbits",
    "plot_pitch_angle": "magneton.plot.orbits",
    "save": "magneton.plot.figures",
    "show": "magneton.plot.view",
    "write_html": "magneton.plot.view",
    "write_motion_html": "magneton.plot.motion_page",
    "write_orbit_html": "magneton.plot.orbit_html",
}

__all__ = list(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
