"""``python -m magneton``: the command."""

from magneton.cli import main

if __name__ == "__main__":
    main()
