"""What was measured: figures by contender, several values each."""

import statistics
from collections import defaultdict


class Results:
    """Collects values; a figure is the median of its values."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.notes: list[str] = []
        self.versions: dict[str, str] = {}

    def add(self, figure: str, contender: str, value: float) -> None:
        """One more value."""
        self._values[figure, contender].append(value)

    def note(self, text: str) -> None:
        """Something to be said below the table, once."""
        if text not in self.notes:
            self.notes.append(text)

    def of(self, figure: str, contender: str) -> float | None:
        """The median; None if nothing was measured."""
        values = self._values.get((figure, contender))
        return statistics.median(values) if values else None

    def figures(self) -> set[str]:
        """The names of all figures there are."""
        return {figure for figure, _ in self._values}
