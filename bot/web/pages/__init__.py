"""The pages, one module each."""

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = tuple(
    import_module(f"bot.web.pages.{module.name}").router for module in iter_modules(__path__)
)
