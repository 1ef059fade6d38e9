"""Words from outside, before anything is done with them."""


def keepable(text: str) -> str:
    """Take out what no database keeps: NUL signs go, halves of characters (lone surrogates) become question marks."""
    return text.encode(errors="replace").decode().replace("\x00", "")
