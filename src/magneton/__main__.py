"""``python -m magneton``: the command."""

from magneton.cli import main

main()
