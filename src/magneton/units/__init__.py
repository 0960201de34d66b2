"""Units: explicit conversions that never guess, and the door for quantities of pint and astropy.

The library computes in SI. This package converts what other sources print: EMU, ESU and Gaussian units of
moment, field, magnetization and susceptibility with their 4 pi, atomic units of moment, and SI prefixes. Each
unit knows what kinds of quantity it may measure, so a torque does not become an energy, nor an oersted a
tesla; a name that means several things (the bare "emu", "T m^3", "cm^3/mol") is an error that lists them.
"""

from magneton.units._convert import convert, kinds, parse
from magneton.units._quantities import strip
from magneton.units._susceptibility import convert_susceptibility

__all__ = ["convert", "convert_susceptibility", "kinds", "parse", "strip"]
