"""The pages as one application."""

from fastapi import FastAPI

from bot.web.errors import add_error_pages
from bot.web.guard import Guard
from bot.web.house import House
from bot.web.making_files import Files
from bot.web.pages import ROUTERS
from bot.web.static_files import STATIC
from bot.web.throttle import Throttle


def create_app(house: House) -> FastAPI:
    """Put the pages together around a house."""
    app = FastAPI(title="Mull", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = house
    app.state.throttle = Throttle()
    app.state.files = Files()
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", STATIC)
    add_error_pages(app)
    app.add_middleware(Guard)
    return app
