"""``python -m orderboard`` is the same as the command ``orderboard``."""

from orderboard.cli import main

main()
