"""The Web API's door: who calls, what is asked, what goes wrong on the way; and the addresses that answer a press."""

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from inspect import isawaitable
from typing import Any

from aiohttp import web

from tests.slack.checks import Checks
from tests.slack.faults import Fault, Faults
from tests.slack.payloads import RESPONSE_USES, Payloads, ResponseUrl
from tests.slack.web_chat import Asked, Method
from tests.slack.world import JSON, Refused, Workspace

STRUCTURED = ("blocks", "view", "metadata", "attachments", "outputs")
FOR_APP_TOKENS = {"apps.connections.open"}
READING = frozenset(
    {
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
        "usergroups.users.list",
        "users.info",
        "users.list",
    }
)
"""Methods that take forms only, as Slack's own description of its Web API has it."""

FOR_ANYONE = {"oauth.v2.access"}


@dataclass
class Call:
    """One call of the Web API, and what became of it; `answer` is empty where a bare status was answered."""

    method: str
    body: JSON
    token: str
    at: datetime
    status: int = 0
    answer: JSON | None = None


class Server:
    """Answers calls; keeps them all."""

    def __init__(
        self,
        checks: Checks,
        faults: Faults,
        methods: Mapping[str, Method],
        payloads: Payloads,
        app_token: str,
    ) -> None:
        self.world, self.checks, self.faults = payloads.world, checks, faults
        self.methods, self.payloads, self.app_token = methods, payloads, app_token
        self.calls: list[Call] = []
        self._happened = asyncio.Condition()

    async def until(self, wanted: Callable[[], object], patience: float) -> None:
        """Wait until calls have made something so."""
        async with self._happened:
            await asyncio.wait_for(self._happened.wait_for(lambda: bool(wanted())), patience)

    async def happened(self) -> None:
        """Let those look again who wait for something."""
        async with self._happened:
            self._happened.notify_all()

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        method = request.match_info["method"]
        if method in READING and request.content_type == "application/json":
            self.checks.complain(f"{method} takes no JSON: what it was asked is not read.")
        body, token = await _read(request)
        made = Call(method, body, token, self.world.now())
        self.calls.append(made)
        fault = self.faults.take(method)
        if fault and fault.kind != "lose_answer":
            return _fail(request, made, fault)
        await self.faults.wait(method, before=True)
        made.answer = await self._answer(method, body, token)
        made.status = 200
        await self.happened()
        await self.faults.wait(method, before=False)
        if fault:
            _hang_up(request)
        response = web.json_response(made.answer)
        if method == "auth.test" and made.answer["ok"]:
            scopes = self.world.workspaces[made.answer["team_id"]].scopes
            response.headers["x-oauth-scopes"] = ",".join(sorted(scopes))
        return response

    async def _answer(self, method: str, body: JSON, token: str) -> JSON:
        if method not in self.methods:
            self.checks.complain(f"{method} is not a method that this Slack knows.")
            return {"ok": False, "error": "unknown_method", "req_method": method}
        try:
            workspace = self._admitted(method, token)
            if error := self.checks.request(method, body):
                raise Refused(error[0], response_metadata={"messages": [f"[ERROR] {reason}" for reason in error[1:]]})
            answered = self.methods[method](Asked(method, body, token, workspace))
            return await answered if isawaitable(answered) else answered
        except Refused as refused:
            return refused.answer

    def _admitted(self, method: str, token: str) -> Workspace:
        anyone = self.world.workspaces["T1"]
        if method in FOR_ANYONE:
            return anyone
        if method in FOR_APP_TOKENS:
            if token != self.app_token:
                raise Refused("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
            return anyone
        if not token:
            raise Refused("not_authed")
        if token in self.world.step_tokens:
            return self.world.workspaces[self.world.step_tokens[token]]
        return self._owner(method, token)

    def _owner(self, method: str, token: str) -> Workspace:
        if token == self.app_token:
            raise Refused("not_allowed_token_type")
        for workspace in self.world.workspaces.values():
            if token == workspace.token and workspace.installed:
                return workspace
            if token == workspace.token or token in workspace.old_tokens:
                raise Refused("account_inactive" if method == "auth.test" else "token_revoked")
        raise Refused("invalid_auth")

    # Answering a press.

    async def respond(self, request: web.Request) -> web.Response:
        """Take an answer to a press or a command at the address that came with it."""
        body: JSON = await request.json()
        made = Call("response_url", body, "", self.world.now(), 200)
        self.calls.append(made)
        fault = self.faults.take("response_url")
        if fault and fault.kind != "lose_answer":
            return _fail(request, made, fault)
        await self.faults.wait("response_url", before=True)
        place = self.payloads.response_urls.get(request.match_info["name"])
        now = self.world.now().timestamp()
        if place is None or now > place.until:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if place.uses >= RESPONSE_USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        place.uses += 1
        if error := self.checks.response(body):
            return web.json_response({"ok": False, "error": error[0]}, status=400)
        self._apply(place, body)
        await self.happened()
        await self.faults.wait("response_url", before=False)
        if fault:
            _hang_up(request)
        return web.Response(text="ok")

    def _apply(self, place: ResponseUrl, body: JSON) -> None:
        shown = place.message
        channel = self.world.channels[place.channel]
        here = self.world.ephemerals if shown and shown.only_for else channel.messages
        if shown and shown in here and body.get("delete_original"):
            here.remove(shown)
        elif shown and shown in here and body.get("replace_original"):
            shown.text = str(body.get("text", ""))
            shown.blocks = self.world.with_ids(body.get("blocks") or [])
        elif not body.get("delete_original"):
            workspace = self.world.workspaces[channel.team]
            everyone = body.get("response_type") == "in_channel"
            message = self.world.bot_message(
                workspace,
                channel.id,
                text=str(body.get("text", "")),
                blocks=body.get("blocks"),
                only_for=None if everyone else place.user,
            )
            (channel.messages if everyone else self.world.ephemerals).append(message)


def _fail(request: web.Request, made: Call, fault: Fault) -> web.Response:
    made.status = fault.status
    if fault.kind == "refuse_connection":
        made.status = 0
        _hang_up(request)
        return web.Response()
    if fault.kind == "error":
        made.answer = {"ok": False, "error": fault.error}
        return web.json_response(made.answer)
    if fault.retry_after:
        made.answer = {"ok": False, "error": fault.error}
        headers = {"Retry-After": str(fault.retry_after)}
        return web.json_response(made.answer, status=fault.status, headers=headers)
    return web.Response(status=fault.status, text="upstream error", content_type="text/html")


def _hang_up(request: web.Request) -> None:
    if request.transport:
        request.transport.close()


async def _read(request: web.Request) -> tuple[JSON, str]:
    body: JSON = dict(request.query)
    if request.content_type == "application/json":
        body |= {} if request.match_info["method"] in READING else await request.json()
    elif request.can_read_body:
        body |= {key: str(value) for key, value in (await request.post()).items()}
    for name in STRUCTURED:
        if isinstance(body.get(name), str):
            body[name] = _decoded(body[name])
    bearer = request.headers.get("Authorization", "")
    if bearer.startswith("Basic "):
        client, _, secret = base64.b64decode(bearer.removeprefix("Basic ")).decode().partition(":")
        body |= {"client_id": client, "client_secret": secret}
    token = str(body.pop("token", "")) or bearer.removeprefix("Bearer ") * bearer.startswith("Bearer ")
    return body, token


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
