"""What a run keeps from the moment it begins."""

import pytest

from bot.storage.openings import first_name


@pytest.mark.parametrize(
    ("name", "called"),
    [("Ben", "Ben"), ("Ben Okafor", "Ben"), ("Ms Ada", "Ms Ada"), ("Dr. Lindqvist", "Dr. Lindqvist"), ("  ", "")],
)
def test_people_are_called_by_their_first_name_or_with_their_title(name: str, called: str) -> None:
    assert first_name(name) == called
