"""What is found wrong with one request, and how Discord says so."""

from typing import Any

from tests.discord.world import JSON, Refused


class Findings:
    """Collects what is wrong: faults that Discord refuses, and remarks on what it would let pass and we do not."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.faults: list[tuple[str, str]] = []
        self.remarks: list[str] = []

    def fault(self, path: str, says: str) -> None:
        """Keep a fault at a place such as `components.0.label`."""
        self.faults.append((path, says))

    def remark(self, says: str) -> None:
        """Keep what Discord would let pass."""
        self.remarks.append(says)

    @property
    def sentences(self) -> list[str]:
        """Say everything."""
        return [f"{self.where}: {path} {says}" for path, says in self.faults] + [
            f"{self.where}: {says}" for says in self.remarks
        ]

    def refusal(self) -> Refused | None:
        """Make the answer that Discord gives to an invalid form."""
        if not self.faults:
            return None
        errors: JSON = {}
        for path, says in self.faults:
            place = errors
            for step in path.split("."):
                place = place.setdefault(step, {})
            place.setdefault("_errors", []).append({"code": "INVALID", "message": says})
        return Refused(400, 50035, "Invalid Form Body", errors=errors)

    # Rules that come up everywhere.

    def text(self, path: str, value: Any, most: int, least: int = 1) -> None:
        """Check a text and its length."""
        if not isinstance(value, str):
            self.fault(path, f"is no text: {value!r}")
        elif not least <= len(value) <= most:
            self.fault(path, f"has {len(value)} characters; {least} to {most} fit")

    def optional_text(self, path: str, value: Any, most: int, least: int = 0) -> None:
        """Check a text that may be absent."""
        if value is not None:
            self.text(path, value, most, least)

    def number(self, path: str, value: Any, least: int, most: int) -> None:
        """Check a number that may be absent."""
        if value is not None and not (isinstance(value, int) and least <= value <= most):
            self.fault(path, f"is {value!r}; {least} to {most} fits")

    def count(self, path: str, value: Any, least: int, most: int) -> list[Any]:
        """Check a list and how long it is; answer it, or nothing where it is none."""
        if not isinstance(value, list):
            self.fault(path, f"is no list: {value!r}")
            return []
        if not least <= len(value) <= most:
            self.fault(path, f"has {len(value)} entries; {least} to {most} fit")
        return value

    def only(self, path: str, value: JSON, known: frozenset[str]) -> None:
        """Check that nothing stands in an object but what is known there."""
        if unknown := sorted(value.keys() - known):
            self.fault(path or "body", f"has {', '.join(unknown)}, which nothing here knows")
