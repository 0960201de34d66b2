"""English names of the elements."""

from __future__ import annotations

from magneton.quantum.formulas import SYMBOLS

_NAMES = """
hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium magnesium aluminium silicon
phosphorus sulfur chlorine argon potassium calcium scandium titanium vanadium chromium manganese iron cobalt
nickel copper zinc gallium germanium arsenic selenium bromine krypton rubidium strontium yttrium zirconium
niobium molybdenum technetium ruthenium rhodium palladium silver cadmium indium tin antimony tellurium iodine
xenon caesium barium lanthanum cerium praseodymium neodymium promethium samarium europium gadolinium terbium
dysprosium holmium erbium thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium iridium platinum
gold mercury thallium lead bismuth polonium astatine radon francium radium actinium thorium protactinium uranium
neptunium plutonium americium curium berkelium californium einsteinium fermium mendelevium nobelium lawrencium
rutherfordium dubnium seaborgium bohrium hassium meitnerium darmstadtium roentgenium copernicium nihonium
flerovium moscovium livermorium tennessine oganesson
""".split()  # noqa: SIM905
#: Symbols by name, in small letters.
SYMBOL_OF: dict[str, str] = dict(zip(_NAMES, SYMBOLS, strict=True))
SYMBOL_OF |= {"aluminum": "Al", "cesium": "Cs", "sulphur": "S", "wolfram": "W"}


def symbol_of(text: str) -> str | None:
    """Return the symbol of an element given by symbol or name, in letters of any size; None if there is none."""
    return text.capitalize() if text.capitalize() in SYMBOLS else SYMBOL_OF.get(text.casefold())
