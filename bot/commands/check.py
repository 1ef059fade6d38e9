"""`mull check`."""

from collections.abc import Callable, Iterator

from bot.commands.finding import Finding, has_no_file
from bot.core.errors import MullError
from bot.flows.library import flows, packs
from bot.flows.lint import lint
from bot.settings import Settings, load_secret, load_settings
from bot.storage.bootstrap import is_empty
from bot.storage.database import is_outage, open_database
from bot.storage.schema import missing_steps

GOOD, WRONG = 0, 2


async def check_everything(show: Callable[[str], None]) -> int:
    """Look at settings, database, Slack, Discord and flows; answer the exit status."""
    try:
        settings = load_settings()
        if not settings.is_embedded:
            load_secret(settings)
    except MullError as fault:
        findings = [Finding("settings", "wrong", str(fault))]
    else:
        settings_found = Finding("settings", f"pages at {settings.address}")
        platforms = [*await _slack(settings), *await _discord(settings)]
        findings = [settings_found, *_public(settings), await _database(settings), *platforms, _flows()]
    for finding in findings:
        show(f"{'to do' if finding.to_do else 'good':5}  {finding.what}: {finding.state}")
        for line in finding.to_do.splitlines():
            show(f"       {line}")
    return WRONG if any(finding.to_do for finding in findings) else GOOD


def _public(settings: Settings) -> Iterator[Finding]:
    is_local = settings.host in ("127.0.0.1", "localhost", "::1") and not settings.base_url
    if is_local:
        yield Finding(
            "address", "only this computer can reach the pages; set MULL_HOST and MULL_BASE_URL to share them"
        )
    elif not settings.address.startswith("https://"):
        yield Finding(
            "address",
            "pages go over the network unencrypted",
            "Put a server with a certificate in front and set MULL_BASE_URL to its https:// address.",
        )


async def _database(settings: Settings) -> Finding:
    kind = "SQLite" if settings.is_embedded else "PostgreSQL"
    if has_no_file(settings):
        return Finding("database", f"{kind}, not there yet; `mull run` will make it and print a link for its owner")
    database = open_database(settings.database)
    try:
        steps = await missing_steps(database)
        if steps == ["0001"] or (steps and settings.is_embedded):
            return Finding("database", f"{kind}; `mull run` will bring it up to date")
        if steps:
            return Finding("database", f"{kind}, from an older Mull", "Make a backup, then run: mull migrate")
        if await database.read(is_empty):
            return Finding("database", f"{kind}, empty; `mull run` will print a link for its owner")
        return Finding("database", f"{kind}, up to date")
    except MullError as fault:
        return Finding("database", kind, str(fault))
    except Exception as fault:
        if not is_outage(fault):
            raise
        return Finding("database", f"{kind} does not answer", "Look at MULL_DATABASE_URL, and whether it runs.")
    finally:
        await database.close()


async def _slack(settings: Settings) -> list[Finding]:
    if settings.slack_mode is None:
        return []
    from bot.commands.check_slack import slack_findings  # noqa: PLC0415 - a school without Slack loads none of it

    return await slack_findings(settings)


async def _discord(settings: Settings) -> list[Finding]:
    if not settings.discord_token:
        return []
    from bot.commands.check_discord import discord_findings  # noqa: PLC0415 - nor of Discord's, without Discord

    return await discord_findings(settings)


def _flows() -> Finding:
    broken = [
        f"{name}: {finding.message}"
        for name, flow in flows().items()
        for finding in lint(flow, packs())
        if finding.is_error
    ]
    return Finding("flows", f"{len(flows())} flows come with Mull", "\n".join(broken))
