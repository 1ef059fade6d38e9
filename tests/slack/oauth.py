"""Installing the app: Slack's page that asks, the code it gives, and the browser of who installs."""

from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from aiohttp import ClientSession, web

from tests.slack.world import JSON, Refused, World

FOUND = (302, 303, 307)


@dataclass
class Visit:
    """What the browser of who installs came to: the last page, and what it carried there."""

    status: int
    text: str
    code: str
    state: str
    callback: str
    cookies: dict[str, str]


class Installer:
    """Gives codes and tokens."""

    def __init__(self, world: World, client_id: str, client_secret: str) -> None:
        self.world, self.client_id, self.client_secret = world, client_id, client_secret
        self.codes: dict[str, JSON] = {}
        self.used: set[str] = set()
        self.team = "T1"
        self.who = ""

    async def authorize(self, request: web.Request) -> web.Response:
        """Ask nobody, and send the browser back with a code."""
        asked = request.query
        if asked.get("client_id") != self.client_id:
            return web.Response(status=400, text="invalid_client_id")
        if not asked.get("scope"):
            return web.Response(status=400, text="invalid_scope")
        code = self.world.new_id("code-")
        redirect = asked.get("redirect_uri", "")
        self.codes[code] = {"team": self.team, "who": self.who, "scope": asked["scope"], "redirect_uri": redirect}
        answer = {"code": code, "state": asked.get("state", "")}
        return web.Response(status=302, headers={"Location": f"{redirect}?{urlencode(answer)}"})

    def access(self, body: JSON) -> JSON:
        """Give a new token for a code, once."""
        if body.get("client_id") != self.client_id:
            raise Refused("invalid_client_id")
        if body.get("client_secret") != self.client_secret:
            raise Refused("bad_client_secret")
        code = str(body.get("code", ""))
        if code in self.used:
            raise Refused("code_already_used")
        if code not in self.codes:
            raise Refused("invalid_code")
        given = self.codes[code]
        if given["redirect_uri"] != body.get("redirect_uri", ""):
            raise Refused("bad_redirect_uri")
        self.used.add(code)
        workspace = self.world.workspaces[given["team"]]
        if not workspace.installed:
            workspace.old_tokens.add(workspace.token)
            workspace.token = f"{workspace.first_token}-{len(workspace.old_tokens) + 1}"
            workspace.installed = True
        workspace.scopes = set(given["scope"].split(","))
        return {
            "ok": True,
            "access_token": workspace.token,
            "token_type": "bot",
            "scope": given["scope"],
            "bot_user_id": workspace.bot_user,
            "app_id": "A1",
            "team": {"id": workspace.id, "name": workspace.name},
            "enterprise": None,
            "authed_user": {"id": given["who"]},
            "is_enterprise_install": False,
        }


class Browser:
    """The browser of somebody who installs; it keeps its cookies, as a browser on a secure address would."""

    def __init__(self, authorize_url: str) -> None:
        self.authorize_url = authorize_url
        self.cookies: dict[str, str] = {}

    async def install(
        self, install_url: str, *, state: str | None = None, code: str | None = None, with_cookies: bool = True
    ) -> Visit:
        """Open the install page, agree at Slack's, and come back; `state` and `code` can be others than given."""
        async with ClientSession() as session:
            status, text, location = await self._open(session, install_url)
            address = location or _first_link(text, self.authorize_url)
            if status not in (200, *FOUND) or not address:
                return Visit(status, text, "", "", "", dict(self.cookies))
            status, text, location = await self._open(session, address)
            if status not in FOUND:
                return Visit(status, text, "", "", "", dict(self.cookies))
            target = urlsplit(location)
            asked = {key: values[0] for key, values in parse_qs(target.query).items()}
            given = {"code": code or asked["code"], "state": asked.get("state", "") if state is None else state}
            # The bot may be known to the world by an address that leads nowhere here.
            here = urlsplit(install_url)
            path = target.path or "/slack/oauth_redirect"
            callback = urlunsplit((here.scheme, here.netloc, path, urlencode(given), ""))
            if not with_cookies:
                self.cookies.clear()
            return await self.call_back(callback, session)

    async def call_back(self, callback: str, session: ClientSession | None = None) -> Visit:
        """Open a callback, perhaps once more."""
        if session is None:
            async with ClientSession() as own:
                return await self.call_back(callback, own)
        status, text, _ = await self._open(session, callback)
        asked = {key: values[0] for key, values in parse_qs(urlsplit(callback).query).items()}
        return Visit(status, text, asked.get("code", ""), asked.get("state", ""), callback, dict(self.cookies))

    async def _open(self, session: ClientSession, address: str) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        async with session.get(address, headers=headers, allow_redirects=False) as response:
            for line in response.headers.getall("Set-Cookie", []):
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return response.status, await response.text(), response.headers.get("Location", "")


def _first_link(page: str, to: str) -> str:
    start = page.find(to)
    if start < 0:
        return ""
    return page[start:].split('"', maxsplit=1)[0].replace("&amp;", "&")
