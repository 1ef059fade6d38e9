"""What Slack sends to the bot, over sockets or signed requests, and what the bot answers."""

import asyncio
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession

from tests.slack.sockets import Sockets
from tests.slack.world import JSON, World

EVENTS, INTERACTIVE, COMMANDS = "events_api", "interactive", "slash_commands"
OK = 200


class NotAcked(Exception):
    """The bot did not acknowledge something that somebody did: they read that it did not work."""


@dataclass
class Delivery:
    """One thing that Slack tells the bot, with every attempt to; `answer` is the payload of the acknowledgement.

    `then` is done with the first acknowledgement: later ones change nothing before anybody's eyes.
    """

    kind: str
    payload: JSON
    attempts: int = 0
    acked: bool = False
    answer: JSON | None = None
    statuses: list[int] = field(default_factory=list)
    then: Callable[["Delivery"], None] | None = None

    @property
    def event(self) -> JSON:
        """Read the event of an Events API delivery."""
        return dict(self.payload.get("event", {}))


@dataclass
class Signed:
    """A request as Slack signs it."""

    body: str
    headers: dict[str, str]

    def with_a_changed_byte(self) -> Self:
        """Change a digit of the last id on the way, and leave the signature."""
        last = list(re.finditer(r"\d{6}", self.body))[-1].end() - 1
        digit = str(9 - int(self.body[last]))
        return replace(self, body=self.body[:last] + digit + self.body[last + 1 :])


class Deliveries:
    """Sends to sockets, or to `url` where one is set; keeps what was sent."""

    def __init__(self, world: World, sockets: Sockets, complaints: list[str], signing_secret: str) -> None:
        self.world, self.sockets = world, sockets
        self.complaints, self.signing_secret = complaints, signing_secret
        self.url: str | None = None
        self.patience = 3.0
        self.drop_events = False
        self.paused: list[Delivery] | None = None
        self.all: list[Delivery] = []
        self.echoes: list[Delivery] = []
        self._background: set[asyncio.Task[Delivery]] = set()
        self._session: ClientSession | None = None

    async def deliver(self, kind: str, payload: JSON, then: Callable[[Delivery], None] | None = None) -> Delivery:
        """Send something for the first time; a payload that comes once raises where nobody acknowledges it."""
        delivery = Delivery(kind, payload, then=then)
        if kind == EVENTS and self.drop_events:
            return delivery
        self.all.append(delivery)
        if self.paused is not None:
            self.paused.append(delivery)
            return delivery
        await self.attempt(delivery)
        if kind != EVENTS and not delivery.acked:
            what = payload.get("command") or payload.get("type")
            raise NotAcked(f"The bot did not acknowledge {what} in {self.patience} s: {_told(delivery)}")
        return delivery

    def echo(self, payload: JSON) -> None:
        """Tell the bot what it did itself, while it goes on."""
        if self.drop_events or not self.reachable:
            return
        delivery = Delivery(EVENTS, payload)
        self.echoes.append(delivery)
        task = asyncio.ensure_future(self.attempt(delivery))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    @property
    def reachable(self) -> bool:
        """Tell whether the bot can be told anything."""
        return self.url is not None or bool(self.sockets.live)

    async def settled(self) -> None:
        """Wait until the bot has been told everything."""
        while self._background:
            await asyncio.gather(*self._background)

    async def attempt(self, delivery: Delivery, reason: str = "", number: int | None = None) -> Delivery:
        """Send once; a `reason` makes it a retry."""
        retries = (delivery.attempts if number is None else number) if reason else 0
        delivery.attempts += 1
        known = delivery.acked
        if self.url is not None:
            await self._post(self.url, delivery, reason, retries)
        else:
            await self._say(delivery, reason, retries)
        if delivery.acked and not known and delivery.then:
            delivery.then(delivery)
        return delivery

    async def _say(self, delivery: Delivery, reason: str, retries: int) -> None:
        envelope: JSON = {
            "type": delivery.kind,
            "envelope_id": self.world.new_id("envelope-"),
            "payload": delivery.payload,
            "accepts_response_payload": _reads_an_answer(delivery),
        }
        if delivery.kind == EVENTS:
            envelope |= {"retry_attempt": retries, "retry_reason": reason}
        ack = await self.sockets.send(envelope, self.patience)
        if ack is None:
            return
        delivery.acked = True
        self._keep(delivery, ack.get("payload"))

    async def _post(self, url: str, delivery: Delivery, reason: str, retries: int) -> None:
        signed = self.sign(delivery)
        if reason:
            signed.headers |= {"X-Slack-Retry-Num": str(retries), "X-Slack-Retry-Reason": reason}
        try:
            status, text = await asyncio.wait_for(self.post(signed, url), self.patience)
        except (ClientError, TimeoutError):
            return
        delivery.statuses.append(status)
        if status != OK:
            return
        delivery.acked = True
        if text:
            self._keep(delivery, json.loads(text) if text.startswith("{") else {"text": text})

    def _keep(self, delivery: Delivery, answer: JSON | None) -> None:
        if answer and not _reads_an_answer(delivery):
            what = delivery.payload.get("type")
            self.complaints.append(f"An acknowledgement of {what} carries words that nobody will read: {answer}")
        delivery.answer = answer or None

    def sign(self, delivery: Delivery, secret: str | None = None, age: int = 0) -> Signed:
        """Write a request as Slack would, or as somebody with another secret or an old copy would."""
        if delivery.kind == EVENTS:
            body, content = json.dumps(delivery.payload), "application/json"
        elif delivery.kind == COMMANDS:
            body, content = urlencode(delivery.payload), "application/x-www-form-urlencoded"
        else:
            body = urlencode({"payload": json.dumps(delivery.payload)})
            content = "application/x-www-form-urlencoded"
        # The bot compares with the computer's own time, so no other clock will do here.
        at = str(int(time.time()) - age)
        digest = hmac.new((secret or self.signing_secret).encode(), f"v0:{at}:{body}".encode(), hashlib.sha256)
        headers = {
            "Content-Type": content,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={digest.hexdigest()}",
        }
        return Signed(body, headers)

    async def post(self, signed: Signed, url: str | None = None) -> tuple[int, str]:
        """Post a request to the bot; answer the status and the body."""
        self._session = self._session or ClientSession()
        address = url or self.url
        assert address, "Slack was given no address to post to"
        async with self._session.post(address, data=signed.body.encode(), headers=signed.headers) as response:
            return response.status, await response.text()

    async def close(self) -> None:
        """Stop telling."""
        for task in tuple(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._session:
            await self._session.close()


def _reads_an_answer(delivery: Delivery) -> bool:
    return delivery.kind == COMMANDS or delivery.payload.get("type") in ("view_submission", "block_suggestion")


def _told(delivery: Delivery) -> str:
    return f"it answered {delivery.statuses[-1]}" if delivery.statuses else "no answer came"
