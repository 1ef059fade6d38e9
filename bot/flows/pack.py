"""A pack of options: one file that several flows draw a menu from."""

from pydantic import Field, model_validator

from bot.flows.document import OptionText
from bot.flows.source import Part, Slug, read_as


class Pack(Part):
    """A menu by name."""

    pack: Slug
    options: list[OptionText] = Field(min_length=2, max_length=12)

    @model_validator(mode="after")
    def has_no_doubles(self) -> "Pack":
        """Refuse two options that would be the same to the bot."""
        values = [option.value for option in self.options]
        if doubled := sorted({value for value in values if values.count(value) > 1}):
            raise ValueError(f"two options are the same to the bot: {', '.join(doubled)}")
        return self


def parse_pack(source: str, name: str) -> Pack:
    """Read a pack's file.

    Raises DocumentError with one line a fault: `file:line: what is wrong`.
    """
    return read_as(Pack, source, name, "a pack is a mapping that begins with `pack: its_name`")
