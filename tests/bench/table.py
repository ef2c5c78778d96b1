"""The rows that benchmarks give, and the table that they end as."""

from dataclasses import dataclass


@dataclass
class Row:
    what: str
    goal: str
    result: str
    ratio: float | None = None  # of the result to the goal: at most 1 where it is met; none where there is no goal

    @staticmethod
    def at_most(what, result, limit, unit=""):
        """A result that must not be above a limit."""
        return Row(what, f"≤ {number(limit)}{unit}", f"{number(result)}{unit}", result / limit)

    @staticmethod
    def at_least(what, result, limit, unit=""):
        return Row(what, f"≥ {number(limit)}{unit}", f"{number(result)}{unit}", limit / result)

    @staticmethod
    def shown(what, result, unit=""):
        """A result that no goal is set for."""
        return Row(what, "", f"{number(result)}{unit}")

    def cells(self):
        if self.ratio is None:
            return [self.what, self.goal, self.result, "", ""]
        return [self.what, self.goal, self.result, f"{self.ratio:.2f}", "met" if self.ratio <= 1 else "NOT met"]


def number(value):
    if isinstance(value, int):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def format_table(rows):
    cells = [["what", "goal", "result", "result : goal", ""]] + [row.cells() for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
