"""Every setting, read from the environment, from `.env`, or from a file named by `MULL_…_FILE`."""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.core.errors import MullError

PREFIX = "MULL_"
ENV_FILE = ".env"
SHORTEST_SECRET = 32
BOT_TOKENS, APP_TOKENS = ("xoxb-", "xoxe.xoxb-"), ("xapp-",)
DISCORD_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
LOCAL = ("localhost", "127.0.0.1", "::1")


class WrongSetting(MullError):
    """A setting is wrong."""


def _database_url(url: str) -> str:
    if url and not url.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("begins with sqlite:/// or postgresql://")
    return url


def _base_url(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("begins with http:// or https://")
    return url.rstrip("/")


def _secret(secret: SecretStr) -> SecretStr:
    if secret.get_secret_value() and len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError(f"has at least {SHORTEST_SECRET} characters, for example from: openssl rand -hex 32")
    return secret


def _bot_token(token: SecretStr) -> SecretStr:
    return _begins_with(token, BOT_TOKENS)


def _app_token(token: SecretStr) -> SecretStr:
    return _begins_with(token, APP_TOKENS)


def _begins_with(token: SecretStr, beginnings: tuple[str, ...]) -> SecretStr:
    if token.get_secret_value() and not token.get_secret_value().startswith(beginnings):
        raise ValueError(f"begins with {beginnings[0]}; what is set looks like something else")
    return token


def _api_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("begins with http:// or https://")
    return url.rstrip("/") + "/"


def _discord_api_url(url: str) -> str:
    return _api_url(url).rstrip("/")


def _discord_token(token: SecretStr) -> SecretStr:
    """Refuse what is no bot's token: a client secret, a public key, the words of an HTTP header."""
    if token.get_secret_value() and not DISCORD_TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError(
            "is three parts with dots between, and no “Bot” before it; what is set looks like something else. Copy it "
            "from discord.com/developers: your application, Bot, Reset Token"
        )
    return token


def _discord_gateway_url(url: str) -> str:
    if not url.startswith(("ws://", "wss://")):
        raise ValueError("begins with ws:// or wss://")
    return url.rstrip("/") + "/"


class Settings(BaseSettings):
    """What an operator may set; `.env.example` explains each."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True)

    data_dir: Path = Path("mull-data")
    database_url: Annotated[str, AfterValidator(_database_url)] = ""
    secret_key: Annotated[SecretStr, AfterValidator(_secret)] = SecretStr("")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    base_url: Annotated[str, AfterValidator(_base_url)] = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    slack_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] = SecretStr("")
    slack_app_token: Annotated[SecretStr, AfterValidator(_app_token)] = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_client_id: str = ""
    slack_client_secret: SecretStr = SecretStr("")
    slack_api_url: Annotated[str, AfterValidator(_api_url)] = "https://slack.com/api/"
    discord_token: Annotated[SecretStr, AfterValidator(_discord_token)] = SecretStr("")
    discord_api_url: Annotated[str, AfterValidator(_discord_api_url)] = "https://discord.com/api/v10"
    discord_gateway_url: Annotated[str, AfterValidator(_discord_gateway_url)] = "wss://gateway.discord.gg/"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put `MULL_…_FILE` between the environment and `.env`."""
        return init_settings, env_settings, FileSource(settings_cls, written()), dotenv_settings

    @property
    def database(self) -> str:
        """Name the database: the one given, else a file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'mull.db'}"

    @property
    def is_embedded(self) -> bool:
        """Say whether the database is a file of ours."""
        return self.database.startswith("sqlite:")

    @property
    def address(self) -> str:
        """Name the address that people type."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def slack_mode(self) -> Literal["socket", "http"] | None:
        """Say how Slack reaches Mull: over a socket that Mull opens, by requests to the address, or not at all."""
        if not self.slack_bot_token and not self.slack_is_many:
            return None
        return "socket" if self.slack_app_token else "http"

    @property
    def slack_is_many(self) -> bool:
        """Say whether any number of workspaces may install Mull, each from the install page."""
        return bool(self.slack_client_id)


class FileSource(PydanticBaseSettingsSource):
    """Values kept in files, as secrets often are: `MULL_SECRET_KEY_FILE=/run/secrets/mull`."""

    def __init__(self, settings_cls: type[BaseSettings], written: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self._written = written

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Read the file a variable names, without the line end."""
        variable = f"{PREFIX}{field_name.upper()}_FILE"
        path = self._written.get(variable)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text("utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as fault:
            raise WrongSetting(f"{variable}: the file cannot be read ({type(fault).__name__})") from None

    def __call__(self) -> dict[str, Any]:
        """Collect every setting that comes in a file."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def load_settings(**given: Any) -> Settings:
    """Read the settings.

    Raises WrongSetting, one line a fault, each naming its variable; also for a variable that nothing reads.
    """
    unknown = sorted(name for name in written() if name not in _variables())
    if unknown:
        raise WrongSetting("\n".join(map(_unknown, unknown)))
    try:
        settings = Settings(**given)
    except ValidationError as faults:
        lines = (
            f"{PREFIX}{str(f['loc'][0]).upper()}: {f['msg'].removeprefix('Value error, ')}" for f in faults.errors()
        )
        raise WrongSetting("\n".join(lines)) from None
    amiss = [f"{PREFIX}{line}" for line in _slack_faults(settings)]
    if amiss:
        raise WrongSetting("\n".join(amiss))
    return settings


def _slack_faults(settings: Settings) -> Iterator[str]:
    if settings.slack_is_many and not settings.slack_client_secret:
        yield "SLACK_CLIENT_SECRET: is needed with MULL_SLACK_CLIENT_ID"
    if settings.slack_client_secret and not settings.slack_is_many:
        yield "SLACK_CLIENT_ID: is needed with MULL_SLACK_CLIENT_SECRET"
    if settings.slack_bot_token and settings.slack_is_many:
        yield "SLACK_BOT_TOKEN: is for one workspace, MULL_SLACK_CLIENT_ID for many; set only one of them"
    if settings.slack_app_token and settings.slack_mode is None:
        yield "SLACK_APP_TOKEN: does nothing alone; set MULL_SLACK_BOT_TOKEN as well"
    if settings.slack_signing_secret and settings.slack_mode is None:
        yield "SLACK_SIGNING_SECRET: does nothing alone; set MULL_SLACK_BOT_TOKEN as well"
    if settings.slack_mode == "http" and not settings.slack_signing_secret:
        yield "SLACK_SIGNING_SECRET: is needed where there is no MULL_SLACK_APP_TOKEN"
    if settings.slack_is_many and not _can_be_sent_back_to(settings.address):
        yield "BASE_URL: is needed with MULL_SLACK_CLIENT_ID, and begins with https://"


def _can_be_sent_back_to(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in LOCAL


def load_secret(settings: Settings) -> bytes:
    """Find the key that signs forms and makes card codes; the embedded default makes its own, once.

    Raises WrongSetting where a server database is used without a key: every process needs the same one.
    """
    given = settings.secret_key.get_secret_value()
    if given:
        return given.encode()
    if not settings.is_embedded:
        raise WrongSetting("MULL_SECRET_KEY: is needed with PostgreSQL, the same for every process")
    path = settings.data_dir / "secret.key"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(os.urandom(32).hex())
        return path.read_bytes()
    except OSError as fault:
        raise WrongSetting(f"MULL_DATA_DIR: {settings.data_dir} cannot be used ({fault.strerror})") from None


def written() -> dict[str, str]:
    """Collect our variables as they stand in `.env` and, before it, in the environment."""
    found = dotenv_values(ENV_FILE) | dict(os.environ)
    return {name: value for name, value in found.items() if name.startswith(PREFIX) and value is not None}


def _variables() -> set[str]:
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    return names | {f"{name}_FILE" for name in names}


def _unknown(name: str) -> str:
    near = get_close_matches(name, _variables(), n=1)
    return f"{name}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")
