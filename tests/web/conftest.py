"""The house that every page test has."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.house import Stage, open_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Build a house for one test."""
    async with open_stage(tmp_path) as opened:
        yield opened
