"""What Discord shows beside Mull's commands, in each language: what they do, and the names in the menus.

The names of commands and of their options are the same in every language, for help and people name them to each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import discord
from discord import app_commands


@dataclass(frozen=True, slots=True)
class Said:
    """One short text in every language that Discord is told; the English one serves all others."""

    en: str
    de: str
    fr: str
    es: str


COMMANDS: Mapping[str, Said] = {
    "mull": Said(
        "Reflect with your club, and choose how Mull asks you",
        "Denke mit deinem Club nach und wähle, wie Mull dich fragt",
        "Réfléchis avec ton club et choisis comment Mull te pose ses questions",
        "Reflexiona con tu club y elige cómo te pregunta Mull",
    ),
    "start": Said(
        "Answer what is open, or begin something of your own",
        "Beantworte, was offen ist, oder beginne etwas Eigenes",
        "Réponds à ce qui t’attend, ou commence quelque chose à toi",
        "Responde lo que está abierto o empieza algo tuyo",
    ),
    "news": Said(
        "See what waits for you",
        "Sieh nach, was auf dich wartet",
        "Regarde ce qui t’attend",
        "Mira lo que te espera",
    ),
    "later": Said(
        "Put off what is open until later today",
        "Verschiebe, was offen ist, auf später am Tag",
        "Remets à plus tard aujourd’hui ce qui est ouvert",
        "Deja para más tarde hoy lo que está abierto",
    ),
    "tomorrow": Said(
        "Put off what is open until tomorrow",
        "Verschiebe, was offen ist, auf morgen",
        "Remets à demain ce qui est ouvert",
        "Deja para mañana lo que está abierto",
    ),
    "pause": Said(
        "Make Mull quiet until a day you choose",
        "Lass Mull bis zu einem Tag deiner Wahl schweigen",
        "Fais taire Mull jusqu’au jour que tu choisis",
        "Silencia a Mull hasta el día que elijas",
    ),
    "resume": Said(
        "End your pause now",
        "Beende deine Pause jetzt",
        "Termine ta pause maintenant",
        "Termina tu pausa ahora",
    ),
    "answers": Said(
        "Read what you answered, and change it",
        "Lies deine Antworten und ändere sie",
        "Relis tes réponses et modifie-les",
        "Lee tus respuestas y cámbialas",
    ),
    "who-reads-this": Said(
        "See who can read what you answer",
        "Sieh nach, wer deine Antworten lesen kann",
        "Regarde qui peut lire tes réponses",
        "Mira quién puede leer tus respuestas",
    ),
    "review": Said(
        "Look at what your club answered, if you lead it",
        "Sieh dir an, was dein Club geantwortet hat, wenn du ihn leitest",
        "Regarde ce que ton club a répondu, si tu l’animes",
        "Mira qué ha respondido tu club, si lo diriges",
    ),
    "sign-in": Said(
        "Open your pages in a browser with a code, if you lead a club",
        "Öffne deine Seiten im Browser mit einem Code, wenn du einen Club leitest",
        "Ouvre tes pages dans un navigateur avec un code, si tu animes un club",
        "Abre tus páginas en un navegador con un código, si diriges un club",
    ),
    "group": Said(
        "See which club follows this channel, if you lead it",
        "Sieh nach, welcher Club zu diesem Kanal gehört, wenn du ihn leitest",
        "Regarde quel club suit ce salon, si tu l’animes",
        "Mira qué club sigue este canal, si lo diriges",
    ),
    "ask": Said(
        "Ask your club something now, if you lead it",
        "Frage deinen Club jetzt etwas, wenn du ihn leitest",
        "Pose une question à ton club maintenant, si tu l’animes",
        "Pregunta algo a tu club ahora, si lo diriges",
    ),
    "program": Said(
        "See or set what your club is asked by itself, if you lead it",
        "Sieh oder lege fest, was dein Club von selbst gefragt wird, wenn du ihn leitest",
        "Regarde ou fixe ce qui est demandé à ton club tout seul, si tu l’animes",
        "Mira o fija lo que se pregunta a tu club por sí solo, si lo diriges",
    ),
    "when": Said(
        "Choose the day and hour at which you like to be asked",
        "Wähle Tag und Stunde, zu der du gern gefragt wirst",
        "Choisis le jour et l’heure où tu préfères être interrogé",
        "Elige el día y la hora en que prefieres que te pregunte",
    ),
    "settings": Said(
        "Choose how Mull asks you",
        "Wähle, wie Mull dich fragt",
        "Choisis comment Mull te pose ses questions",
        "Elige cómo te pregunta Mull",
    ),
    "message-me": Said(
        "Get a direct message when something is for you",
        "Bekomme eine Direktnachricht, wenn etwas für dich da ist",
        "Reçois un message privé quand quelque chose est pour toi",
        "Recibe un mensaje directo cuando haya algo para ti",
    ),
    "no-messages": Said(
        "Stop direct messages; the button in the channel stays",
        "Beende Direktnachrichten; der Knopf im Kanal bleibt",
        "Arrête les messages privés ; le bouton du salon reste",
        "Detén los mensajes directos; el botón del canal sigue ahí",
    ),
    "leave": Said(
        "Leave your club; what you wrote stays",
        "Verlasse deinen Club; was du geschrieben hast, bleibt",
        "Quitte ton club ; ce que tu as écrit reste",
        "Sal de tu club; lo que escribiste se queda",
    ),
    "come-back": Said(
        "Come back to a club that you left",
        "Komm zurück in einen Club, den du verlassen hast",
        "Reviens dans un club que tu as quitté",
        "Vuelve a un club del que saliste",
    ),
    "talk-to-an-adult": Said(
        "Find an adult to talk to",
        "Finde einen Erwachsenen, mit dem du reden kannst",
        "Trouve un adulte à qui parler",
        "Encuentra a una persona adulta con quien hablar",
    ),
    "help": Said(
        "See what Mull does, and what you can ask of it",
        "Sieh nach, was Mull macht und worum du es bitten kannst",
        "Regarde ce que fait Mull et ce que tu peux lui demander",
        "Mira qué hace Mull y qué puedes pedirle",
    ),
    "mull-setup": Said(
        "Set up Mull for a club; nothing is posted before you say so",
        "Richte Mull für einen Club ein; gepostet wird erst, wenn du es sagst",
        "Prépare Mull pour un club ; rien n’est publié avant ton accord",
        "Prepara Mull para un club; no se publica nada hasta que lo digas",
    ),
}
"""What each command does: beginning with its verb, 100 characters at most."""

OPTIONS: Mapping[str, Said] = {
    "start flow": Said(
        "Choose what to begin; left out, you get what is open",
        "Wähle, was du beginnst; ohne Wahl kommt, was offen ist",
        "Choisis quoi commencer ; sans choix, tu reçois ce qui est ouvert",
        "Elige qué empezar; si no eliges, recibes lo que está abierto",
    ),
    "pause until": Said(
        "Choose a day from the list, or write one: Friday, 3 December, 2 weeks",
        "Wähle einen Tag aus der Liste oder schreibe ihn auf Englisch: Friday, 2 weeks",
        "Choisis un jour dans la liste, ou écris-le en anglais : Friday, 2 weeks",
        "Elige un día de la lista o escríbelo en inglés: Friday, 2 weeks",
    ),
    "program time": Said(
        "Choose a day and a time: thursday 15:10; nothing shows what is set",
        "Wähle Tag und Uhrzeit, auf Englisch: thursday 15:10; nichts zeigt, was gilt",
        "Choisis un jour et une heure, en anglais : thursday 15:10 ; rien montre ce qui est fixé",
        "Elige día y hora, en inglés: thursday 15:10; nada muestra lo que está fijado",
    ),
    "when time": Said(
        "Choose a day and a time: thursday 16:00, or any time",
        "Wähle Tag und Uhrzeit, auf Englisch: thursday 16:00, oder any time",
        "Choisis un jour et une heure, en anglais : thursday 16:00, ou any time",
        "Elige día y hora, en inglés: thursday 16:00, o any time",
    ),
    "sign-in code": Said(
        "Write the code that your browser shows",
        "Schreibe den Code, den dein Browser zeigt",
        "Écris le code que ton navigateur affiche",
        "Escribe el código que muestra tu navegador",
    ),
    "ask flow": Said(
        "Choose what your club is asked",
        "Wähle, was dein Club gefragt wird",
        "Choisis ce qu’on demande à ton club",
        "Elige qué se le pregunta a tu club",
    ),
    "mull-setup channel": Said(
        "Choose the channel or thread where Mull is to post; left out, it is this one",
        "Wähle den Kanal oder Thread, in dem Mull posten soll; ohne Wahl ist es dieser",
        "Choisis le salon ou le fil où Mull doit publier ; sans choix, c’est celui-ci",
        "Elige el canal o el hilo donde debe publicar Mull; si no eliges, es este",
    ),
    "mull-setup role": Said(
        "Choose the role that lists who is in the club, if there is one",
        "Wähle die Rolle, die sagt, wer im Club ist, falls es eine gibt",
        "Choisis le rôle qui dit qui est dans le club, s’il y en a un",
        "Elige el rol que dice quién está en el club, si lo hay",
    ),
    "mull-setup people": Said(
        "Choose True to name each person of the club yourself",
        "Wähle True, um jede Person im Club selbst zu nennen",
        "Choisis True pour nommer toi-même chaque personne du club",
        "Elige True para nombrar tú a cada persona del club",
    ),
    "mull-setup zone": Said(
        "Choose your time zone: write the start of a city or a country",
        "Wähle deine Zeitzone: schreibe den Anfang einer Stadt oder eines Landes",
        "Choisis ton fuseau horaire : écris le début d’une ville ou d’un pays",
        "Elige tu zona horaria: escribe el principio de una ciudad o de un país",
    ),
}
"""What each option of a command is for."""

MENUS: Mapping[str, Said] = {
    "feedback": Said("Give feedback", "Feedback geben", "Donner un retour", "Dar una opinión"),
    "note": Said("Save as reflection", "Als Reflexion speichern", "Garder comme réflexion", "Guardar como reflexión"),
}
"""Names in the menus of people and of messages, by the words that they stand for; 32 characters at most."""

LANGUAGES: Mapping[discord.Locale, str] = {
    discord.Locale.german: "de",
    discord.Locale.french: "fr",
    discord.Locale.spain_spanish: "es",
    discord.Locale.latin_american_spanish: "es",
}
"""Discord's languages that get texts of their own; those of Britain and America read the English ones."""


class Localisations(app_commands.Translator):
    """Gives Discord the texts above when commands are registered."""

    def __init__(self) -> None:
        self._known = {said.en: said for texts in (COMMANDS, OPTIONS, MENUS) for said in texts.values()}

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Find a text in a language; None leaves the English one."""
        said, language = self._known.get(string.message), LANGUAGES.get(locale)
        return getattr(said, language) if said and language else None
