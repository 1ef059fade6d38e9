"""The style sheet and the script."""

from importlib.resources import files

from starlette.staticfiles import StaticFiles

STATIC = StaticFiles(directory=str(files("bot.web") / "static"))
