"""What lies sealed in a database is read by whoever has the key, from the row it was put in; by nobody else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import MullError
from bot.storage.sealing import BrokenSeal, Seal, WrongKey

SECRET, OTHER = b"s" * 64, b"t" * 64
TOKEN, ROW = "xoxb-canary", "workspaces|slack|T1"


@given(st.text(), st.text())
def test_what_was_sealed_is_opened(text: str, about: str) -> None:
    assert Seal(SECRET).open(Seal(SECRET).close(text, about), about) == text


def test_the_same_text_is_never_sealed_alike_and_is_not_seen() -> None:
    seals = {Seal(SECRET).close(TOKEN, ROW) for _ in range(100)}
    assert len(seals) == 100
    assert not [seal for seal in seals if "canary" in seal or b"canary" in urlsafe_b64decode(seal)]


def test_another_key_is_said_to_be_another_key() -> None:
    with pytest.raises(WrongKey, match=r"^MULL_SECRET_KEY: is not the key that this was sealed with"):
        Seal(OTHER).open(Seal(SECRET).close(TOKEN, ROW), ROW)


@pytest.mark.parametrize("row", ["workspaces|slack|T2", "workspaces|discord|T1", "people|slack|T1", ""])
def test_what_was_sealed_for_one_row_does_not_open_in_another(row: str) -> None:
    with pytest.raises(BrokenSeal):
        Seal(SECRET).open(Seal(SECRET).close(TOKEN, ROW), row)


def test_any_changed_bit_is_noticed() -> None:
    content = urlsafe_b64decode(Seal(SECRET).close(TOKEN, ROW))
    for bit in range(len(content) * 8):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((WrongKey, BrokenSeal)) as fault:
            Seal(SECRET).open(urlsafe_b64encode(changed).decode(), ROW)
        assert isinstance(fault.value, WrongKey) == (bit < 32)


@given(st.integers(0, 60))
def test_what_was_cut_short_is_noticed(length: int) -> None:
    sealed = Seal(SECRET).close(TOKEN, ROW)
    if length < len(sealed):
        with pytest.raises(MullError):
            Seal(SECRET).open(sealed[:length], ROW)


@pytest.mark.parametrize("sealed", ["", "x", "é", "not sealed at all", TOKEN])
def test_what_was_never_sealed_is_refused(sealed: str) -> None:
    with pytest.raises(MullError) as fault:
        Seal(SECRET).open(sealed, ROW)
    assert "canary" not in str(fault.value)
