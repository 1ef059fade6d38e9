"""What may lie in a database only sealed: tokens. AES-256-GCM, bound to the row that it stands in."""

import binascii
import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.core.errors import MullError

PURPOSE = b"mull tokens"
KEY_BYTES, NAME_BYTES, NONCE_BYTES = 32, 4, 12


class WrongKey(MullError):
    """MULL_SECRET_KEY: is not the key that this was sealed with. Put the former key back, or install Mull again."""


class BrokenSeal(MullError):
    """What was sealed has been changed, or was put into another row."""


class Seal:
    """Seals and opens short texts with a key made from the secret; the key's name stands before each."""

    def __init__(self, secret: bytes) -> None:
        key = HKDF(SHA256(), KEY_BYTES, salt=None, info=PURPOSE).derive(secret)
        self._name = hashlib.sha256(key).digest()[:NAME_BYTES]
        self._cipher = AESGCM(key)

    def close(self, text: str, about: str) -> str:
        """Seal a text; `about` names its row (`workspaces|slack|T1`) and is needed to open it."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), about.encode())
        return urlsafe_b64encode(self._name + nonce + sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        """Open what was sealed.

        Raises WrongKey for another key's seal, BrokenSeal for one that was changed or belongs to another row.
        """
        try:
            content = urlsafe_b64decode(sealed)
        except (binascii.Error, ValueError):
            raise BrokenSeal from None
        name, nonce, rest = (
            content[:NAME_BYTES],
            content[NAME_BYTES:][:NONCE_BYTES],
            content[NAME_BYTES + NONCE_BYTES :],
        )
        if name != self._name:
            raise WrongKey
        try:
            return self._cipher.decrypt(nonce, rest, about.encode()).decode()
        except (InvalidTag, ValueError):  # a nonce that was cut short is a ValueError
            raise BrokenSeal from None
