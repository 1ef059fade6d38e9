"""The texts beside Mull's commands, in each language."""

from typing import Any, cast

import discord
import pytest
from discord import app_commands

from bot.adapters.discord.localisations import COMMANDS, LANGUAGES, MENUS, OPTIONS, Localisations, Said
from tests.adapters.discord.commanding import Scene, make_scene, payloads, texts


@pytest.fixture
async def scene() -> Scene:
    return make_scene()


async def test_every_text_is_there_in_every_language(scene: Scene) -> None:
    for command in (await payloads(scene)).values():
        told = "name_localizations" if command["type"] != 1 else "description_localizations"
        for text in texts(command):
            assert text[told].keys() == {locale.value for locale in LANGUAGES}


async def test_names_of_commands_and_options_are_the_same_in_every_language(scene: Scene) -> None:
    for name in ("mull", "mull-setup"):
        assert not [text for text in texts((await payloads(scene))[name]) if text.get("name_localizations")]


def test_no_text_is_left_over_and_none_stands_twice() -> None:
    said = [each for texts in (COMMANDS, OPTIONS, MENUS) for each in texts.values()]
    for language in ("en", "de", "fr", "es"):
        own = [getattr(each, language) for each in said]
        assert len(set(own)) == len(own)
    assert all(name.split()[0] in COMMANDS for name in OPTIONS)


@pytest.mark.parametrize("locale", [discord.Locale.british_english, discord.Locale.american_english])
async def test_english_is_told_once(locale: discord.Locale) -> None:
    start = app_commands.locale_str(COMMANDS["start"].en)
    assert await Localisations().translate(start, locale, cast(Any, None)) is None


VERBS = {
    "en": "Answer Ask Choose Come End Find Get Leave Look Make Open Put Read Reflect See Set Stop Write",
    "de": "Beantworte Beende Bekomme Denke Finde Frage Komm Lass Lies Richte Schreibe Sieh Verlasse Verschiebe "
    "Wähle Öffne",
    "fr": "Arrête Choisis Fais Ouvre Pose Prépare Quitte Reçois Regarde Relis Remets Reviens Réfléchis Réponds Termine "
    "Trouve Écris",
    "es": "Abre Deja Detén Elige Encuentra Escribe Lee Mira Pregunta Prepara Recibe Reflexiona Responde Sal Silencia "
    "Termina Vuelve",
}


@pytest.mark.parametrize("said", [*COMMANDS.values(), *OPTIONS.values()], ids=lambda said: said.en)
def test_every_description_begins_with_a_verb(said: Said) -> None:
    for language, verbs in VERBS.items():
        assert getattr(said, language).split()[0].strip(",") in verbs.split()
