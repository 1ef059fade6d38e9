"""What a drawing holds, as lists to compare."""

from collections.abc import Iterator, Sequence

from bot.adapters.drawn import Box, Drawn, Field, Press, Row, Words


def words_in(drawings: Sequence[Drawn]) -> list[str]:
    """List the words between buttons and fields."""
    return [part.text for drawn in drawings for part in drawn.parts if isinstance(part, Words)]


def buttons_in(drawings: Sequence[Drawn]) -> list[str]:
    """List the labels of all buttons, in order; one that stands out has a star."""
    rows = (part for drawn in drawings for part in drawn.parts if isinstance(part, Row))
    pressed = (piece for row in rows for piece in row.pieces if isinstance(piece, Press))
    return [f"*{one.label}" if one.is_primary else one.label for one in pressed]


def everything_in(drawings: Sequence[Drawn]) -> list[str]:
    """List every text that can be read."""
    return [text for drawn in drawings for text in (drawn.title, *_texts(drawn)) if text]


def _texts(drawn: Drawn) -> Iterator[str]:
    for part in drawn.parts:
        match part:
            case Words():
                yield part.text
            case Field():
                yield from (part.label, part.help, part.box.shown, *part.box.options)
            case Row():
                for piece in part.pieces:
                    yield from (piece.shown, *piece.options) if isinstance(piece, Box) else (piece.label,)
