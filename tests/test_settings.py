"""Settings: what is wrong is said with its name, and nothing is misread in silence."""

import re
import stat
from pathlib import Path

import pytest

from bot.settings import PREFIX, Settings, WrongSetting, load_secret, load_settings

ROOT = Path(__file__).parents[1]
WRONG = {
    "DATABASE_URL": ["mysql://host/mull", "mull.db", "sqlite://"],
    "SECRET_KEY": ["too short", "x" * 31],
    "PORT": ["-1", "65536", "http", "8000.5"],
    "BASE_URL": ["mull.example.school", "ftp://mull.example.school", "//mull"],
    "LOG_LEVEL": ["loud", "INFO", "20"],
    "SLACK_BOT_TOKEN": ["xoxp-1-user", "xapp-1-app", "token", "xoxe.xoxp-1"],
    "SLACK_APP_TOKEN": ["xoxb-1-bot", "token"],
    "SLACK_API_URL": ["slack.com/api/", "ftp://slack.com/api/", "//slack.com"],
    "DISCORD_TOKEN": [
        "a.b",
        "a.b.c.d",
        "a..c",
        "a.b.",
        "Bot a.b.c",
        "a.b. c",
        "a.b.c\u200b",
        "0123456789abcdef0123456789abcdef",
    ],
    "DISCORD_API_URL": ["discord.com/api/v10", "ftp://discord.com", "//discord.com"],
    "DISCORD_GATEWAY_URL": ["https://gateway.discord.gg/", "gateway.discord.gg", "wss:/gateway"],
}
FREE = {"DATA_DIR", "HOST", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}
"""Settings that may be anything: what is wrong with them shows when they are used."""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder with no settings."""
    import os

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def variables() -> set[str]:
    """List the variables there are."""
    return {PREFIX + name.upper() for name in Settings.model_fields}


def test_without_any_setting_there_is_a_database_in_a_folder(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.database == "sqlite:///mull-data/mull.db"
    assert settings.is_embedded
    assert settings.address == "http://127.0.0.1:8000"


def test_the_cases_cover_every_setting() -> None:
    assert {PREFIX + name for name in WRONG.keys() | FREE} == variables()


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
@pytest.mark.parametrize("way", ["environment", "file", ".env"])
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, way: str
) -> None:
    if way == "environment":
        monkeypatch.setenv(PREFIX + name, value)
    elif way == "file":
        (tmp_path / "value").write_text(value + "\n")
        monkeypatch.setenv(f"{PREFIX}{name}_FILE", str(tmp_path / "value"))
    else:
        (tmp_path / ".env").write_text(f"{PREFIX}{name}='{value}'\n")
    with pytest.raises(WrongSetting, match=rf"^{PREFIX}{name}: \w"):
        load_settings()


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, values in WRONG.items():
        monkeypatch.setenv(PREFIX + name, values[0])
    with pytest.raises(WrongSetting) as fault:
        load_settings()
    assert {line.partition(":")[0] for line in str(fault.value).splitlines()} == {PREFIX + name for name in WRONG}


def test_a_secret_is_never_repeated_in_what_is_said_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULL_SECRET_KEY", "hunter2")
    with pytest.raises(WrongSetting) as fault:
        load_settings()
    assert "hunter2" not in str(fault.value)
    assert "openssl rand -hex 32" in str(fault.value)
    monkeypatch.setenv("MULL_SECRET_KEY", "hunter2" * 10)
    assert "hunter2" not in repr(load_settings())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("MULL_DATABSE_URL", "MULL_DATABASE_URL"),
        ("MULL_SECRETKEY", "MULL_SECRET_KEY"),
        ("MULL_SECRET_KEY_FLIE", "MULL_SECRET_KEY_FILE"),
        ("MULL_URL", None),
    ],
)
def test_a_variable_that_nothing_reads_is_refused_with_the_likely_one(
    monkeypatch: pytest.MonkeyPatch, typed: str, meant: str | None
) -> None:
    monkeypatch.setenv(typed, "x")
    with pytest.raises(WrongSetting, match=f"^{typed}: there is no such setting") as fault:
        load_settings()
    assert meant is None or str(fault.value).endswith(f"did you mean {meant}?")


def test_each_setting_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 40 + "\n")
    monkeypatch.setenv("MULL_SECRET_KEY_FILE", str(secret))
    assert load_settings().secret_key.get_secret_value() == "s" * 40
    monkeypatch.setenv("MULL_SECRET_KEY", "e" * 40)
    assert load_settings().secret_key.get_secret_value() == "e" * 40


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "no text"])
def test_a_file_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "value").write_bytes(content)
    monkeypatch.setenv("MULL_HOST_FILE", str(tmp_path / "value"))
    with pytest.raises(WrongSetting, match=r"^MULL_HOST_FILE: the file cannot be read"):
        load_settings()


def test_dot_env_is_read_and_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MULL_PORT=9001\nMULL_HOST=0.0.0.0\n# MULL_LOG_LEVEL=debug\n")
    monkeypatch.setenv("MULL_HOST", "127.0.0.2")
    settings = load_settings()
    assert (settings.port, settings.host, settings.log_level) == (9001, "127.0.0.2", "info")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "10.0.0.1", "port": 80}, "http://10.0.0.1:80"),
        ({"base_url": "https://mull.example.school/"}, "https://mull.example.school"),
    ],
)
def test_the_address_is_what_people_type(given: dict[str, object], address: str) -> None:
    assert load_settings(**given).address == address


# Slack.

BOT, APP, SIGNING = {"slack_bot_token": "xoxb-1"}, {"slack_app_token": "xapp-1"}, {"slack_signing_secret": "s"}
ID, SECRET = {"slack_client_id": "1.2"}, {"slack_client_secret": "c"}
PUBLIC = {"base_url": "https://mull.example.school"}


@pytest.mark.parametrize(
    ("given", "mode", "is_many"),
    [
        ({}, None, False),
        (BOT | APP, "socket", False),
        ({"slack_bot_token": "xoxe.xoxb-1"} | APP, "socket", False),
        (BOT | SIGNING, "http", False),
        (BOT | APP | SIGNING, "socket", False),
        (ID | SECRET | SIGNING | PUBLIC, "http", True),
        (ID | SECRET | APP | PUBLIC, "socket", True),
        (ID | SECRET | APP, "socket", True),
        (ID | SECRET | APP | {"base_url": "http://localhost:8000"}, "socket", True),
    ],
)
def test_what_is_set_says_how_slack_reaches_mull(given: dict[str, object], mode: str | None, is_many: bool) -> None:
    settings = load_settings(**given)
    assert (settings.slack_mode, settings.slack_is_many) == (mode, is_many)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (ID | SIGNING | PUBLIC, "SLACK_CLIENT_SECRET"),
        (SECRET | BOT | APP, "SLACK_CLIENT_ID"),
        (BOT, "SLACK_SIGNING_SECRET"),
        (ID | SECRET | PUBLIC, "SLACK_SIGNING_SECRET"),
        (APP, "SLACK_APP_TOKEN"),
        (SIGNING, "SLACK_SIGNING_SECRET"),
        (BOT | APP | ID | SECRET | PUBLIC, "SLACK_BOT_TOKEN"),
        (ID | SECRET | APP | {"base_url": "http://mull.example.school"}, "BASE_URL"),
        (ID | SECRET | APP | {"base_url": "http://localhost.example.school"}, "BASE_URL"),
        (ID | SECRET | APP | {"host": "10.0.0.1"}, "BASE_URL"),
    ],
)
def test_slack_settings_that_do_not_go_together_are_named(given: dict[str, object], names: str) -> None:
    with pytest.raises(WrongSetting) as fault:
        load_settings(**given)
    assert [line.partition(":")[0] for line in str(fault.value).splitlines()] == [PREFIX + names]


def test_settings_that_do_not_go_together_are_all_said_at_once() -> None:
    with pytest.raises(WrongSetting) as fault:
        load_settings(**APP, **SIGNING, **SECRET)
    assert len(str(fault.value).splitlines()) == 3


@pytest.mark.parametrize("given", ["http://127.0.0.1:9/api", "http://127.0.0.1:9/api/", "http://127.0.0.1:9/api//"])
def test_the_address_of_slack_ends_with_one_slash(given: str) -> None:
    assert load_settings(slack_api_url=given).slack_api_url == "http://127.0.0.1:9/api/"


def test_no_secret_of_slack_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "BOT_TOKEN": "xoxb-canary",
        "APP_TOKEN": "xapp-canary",
        "SIGNING_SECRET": "canary",
        "CLIENT_SECRET": "canary",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"MULL_SLACK_{name}", value)
    with pytest.raises(WrongSetting) as fault:
        load_settings()
    monkeypatch.delenv("MULL_SLACK_CLIENT_SECRET")
    settings = load_settings()
    monkeypatch.setenv("MULL_SLACK_BOT_TOKEN", "xoxp-canary")
    with pytest.raises(WrongSetting) as other:
        load_settings()
    shown = (str(fault.value), str(other.value), repr(other.value.__cause__), repr(settings), f"{settings}")
    assert "canary" not in " ".join([*shown, settings.model_dump_json()])


# Discord.

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBc-d.canary_canary-canary"


def test_a_token_of_a_discord_bot_is_taken_and_never_shown() -> None:
    settings = load_settings(discord_token=TOKEN)
    assert settings.discord_token.get_secret_value() == TOKEN
    assert not load_settings().discord_token
    assert "canary" not in f"{settings} {settings!r} {settings.model_dump_json()}"


@pytest.mark.parametrize("given", [f"Bot {TOKEN}", f"{TOKEN}\n{TOKEN}", "canary"])
def test_what_is_no_discord_token_is_not_repeated_and_says_what_to_copy(given: str) -> None:
    with pytest.raises(WrongSetting) as fault:
        load_settings(discord_token=given)
    assert "canary" not in f"{fault.value} {fault.value.__cause__!r}"
    assert "discord.com/developers" in str(fault.value)
    assert "Reset Token" in str(fault.value)


@pytest.mark.parametrize("given", ["http://127.0.0.1:9/api/v10", "http://127.0.0.1:9/api/v10//"])
def test_the_address_of_discord_ends_without_a_slash(given: str) -> None:
    assert load_settings(discord_api_url=given).discord_api_url == "http://127.0.0.1:9/api/v10"


@pytest.mark.parametrize("given", ["ws://127.0.0.1:9", "ws://127.0.0.1:9/", "ws://127.0.0.1:9//"])
def test_the_address_of_the_gateway_ends_with_one_slash(given: str) -> None:
    assert load_settings(discord_gateway_url=given).discord_gateway_url == "ws://127.0.0.1:9/"


# The key.


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = load_settings()
    made = load_secret(settings)
    assert len(made) == 64
    assert load_secret(settings) == made
    key = tmp_path / "mull-data" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_bytes() == made


def test_two_schools_have_two_keys(tmp_path: Path) -> None:
    first, second = (load_secret(load_settings(data_dir=tmp_path / name)) for name in ("a", "b"))
    assert first != second


def test_a_given_key_is_used_and_none_is_made(tmp_path: Path) -> None:
    assert load_secret(load_settings(secret_key="k" * 32)) == b"k" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_server_database_needs_a_key_that_was_given() -> None:
    settings = load_settings(database_url="postgresql://host/mull")
    assert not settings.is_embedded
    with pytest.raises(WrongSetting, match=r"^MULL_SECRET_KEY: is needed with PostgreSQL"):
        load_secret(settings)


# The example.


def test_the_example_explains_every_setting_and_nothing_else() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    shown = [line for line in lines if re.match(r"#?MULL_\w+=", line)]
    assert {line.lstrip("#").partition("=")[0] for line in shown} == variables()
    assert len(shown) == len(variables())
    assert all(line.startswith("#") for line in lines if line)
    for line in shown:
        assert lines[lines.index(line) - 1].startswith("# ")


def test_the_example_names_the_defaults(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    (tmp_path / ".env").write_text(re.sub(r"(?m)^#(MULL_)", r"\1", example))
    with_all = load_settings()
    (tmp_path / ".env").write_text(example)
    assert with_all == load_settings() == Settings.model_construct()


def test_a_typing_error_in_the_env_file_is_found_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("MULL_PROT=8001\n")
    with pytest.raises(WrongSetting, match=r"^MULL_PROT: there is no such setting; did you mean MULL_PORT"):
        load_settings()


def test_the_env_file_may_name_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("key").write_text("from a file, long enough to be taken\n")
    Path(".env").write_text("MULL_SECRET_KEY_FILE=key\n")
    assert load_settings().secret_key.get_secret_value() == "from a file, long enough to be taken"


def test_a_data_folder_that_cannot_be_made_is_said_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongSetting, match=r"^MULL_DATA_DIR: "):
        load_secret(load_settings(data_dir=tmp_path / "file" / "data"))
