"""Installs of Mull, as an adapter asks for them."""

from collections.abc import Callable
from datetime import datetime

from bot.storage.database import Database
from bot.storage.sealing import Seal
from bot.storage.workspaces import Install, end_install, find_install, issue_state, save_install, use_state


class StoredInstalls:
    """The installs of one platform, kept in the database."""

    def __init__(self, database: Database, seal: Seal, now: Callable[[], datetime], platform: str = "slack") -> None:
        self._database, self._seal, self._now, self._platform = database, seal, now, platform

    async def find(self, workspace: str) -> Install | None:
        """Find the install of a workspace; None where there is none or it has ended.

        Raises WrongKey, BrokenSeal where its token cannot be opened.
        """
        return await self._database.read(lambda c: find_install(c, self._seal, self._platform, workspace))

    async def save(
        self, workspace: str, *, name: str, token: str, bot_user: str, scopes: frozenset[str], installed_by: str | None
    ) -> None:
        """Keep an install, in place of an earlier one."""
        install = Install(
            platform=self._platform,
            workspace=workspace,
            name=name,
            token=token,
            bot_user=bot_user,
            scopes=scopes,
            installed_by=installed_by,
        )
        at = self._now()
        await self._database.write(lambda c: save_install(c, self._seal, install, at))

    async def end(self, workspace: str, reason: str) -> None:
        """End an install and destroy its token."""
        at = self._now()
        await self._database.write(lambda c: end_install(c, self._platform, workspace, reason, at))

    async def issue_state(self) -> str:
        """Make the state that an install must bring back."""
        now = self._now()
        return await self._database.write(lambda c: issue_state(c, now))

    async def use_state(self, state: str) -> bool:
        """Use a state up; answer whether it was good."""
        now = self._now()
        return await self._database.write(lambda c: use_state(c, state, now))
