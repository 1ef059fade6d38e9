"""What is shown at once because somebody acted: a modal, an answer for their eyes only, their home."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.adapters.asking import AskForm, EditForm, Item, Reply
from bot.adapters.base import Attempt, Delivery, Door, Sent, TryAgain
from bot.adapters.slack.calls import LOST
from bot.adapters.slack.inbound import Payload, identity, place_of
from bot.adapters.slack.modals import ask_modal, edit_modal, form_modal, reply_modal
from bot.adapters.slack.outbound import home_for, reply_for
from bot.adapters.slack.sending import Sending
from bot.adapters.slack.workspaces import Workspaces
from bot.core.effects import AnyEffect, OfferForm, SendMessage

IN_MODAL = "modal"
"""What the outbox keeps as the name of something that was shown in a modal: it cannot be changed later."""

TOO_LATE = "Slack did not let me open that in time. Please press it again."

log = structlog.get_logger()


class Showing:
    """Shows what answers somebody's act, while Slack's three seconds last."""

    def __init__(self, door: Door, workspaces: Workspaces, sending: Sending, now: Callable[[], datetime]) -> None:
        self._door, self._workspaces, self._sending, self._now = door, workspaces, sending, now
        self._homes: set[tuple[str, str]] = set()

    async def reply(self, body: Payload, reply: Reply) -> None:
        """Answer a button or a shortcut."""
        one = (body["team"]["id"], body["user"]["id"])
        if (body.get("view") or {}).get("type") == "home":
            self._homes.add(one)  # it was opened before this process began
        await self.rest_of(reply, body)
        if reply.items:
            await self.say(body, reply)
        await self.redraw(*one)

    async def rest_of(self, reply: Reply, body: Payload) -> None:
        """Show what comes with a reply besides its words: a form, what a run says next."""
        if reply.form is not None and not await self._open(body, _view(reply.form)):
            await self.tell(body, TOO_LATE)
        form = next((effect for effect in reversed(reply.effects) if isinstance(effect, OfferForm)), None)
        if form is None:
            await self.deliver(reply.effects)
            return
        if await self._open(body, form_modal(form, said_before(form, reply.effects))):
            await self.settle_shown(reply.effects)
        else:
            await self.deliver(reply.effects)

    async def answer(self, team: str, user: str, name: str, reply: Reply) -> None:
        """Answer words that somebody wrote in their conversation with Mull."""
        await self.deliver(reply.effects)
        if reply.items:
            await self._sending.say(team, user, reply_for(reply), name)
        await self.redraw(team, user)

    async def tell(self, body: Payload, sentence: str) -> None:
        """Answer with one sentence."""
        await self.say(body, Reply(items=(Item(text=sentence),)))

    async def deliver(self, effects: Sequence[AnyEffect]) -> None:
        """Deliver effects that were taken, in order; what does not go through is left to the outbox."""
        results: list[tuple[Any, Delivery]] = []
        for effect in effects:
            if results and not isinstance(results[-1][1], Sent):
                results.append((effect.id, TryAgain("what comes before it did not go through")))
            else:
                attempt = Attempt(1, self._now(), is_reply=True)
                results.append((effect.id, await self._sending.deliver(effect, attempt)))
        await self._door.settle(results)

    async def settle_shown(self, effects: Sequence[AnyEffect]) -> None:
        """Write down that effects were shown in a modal."""
        await self._door.settle([(effect.id, Sent(IN_MODAL)) for effect in effects])

    async def home(self, team: str, user: str) -> None:
        """Draw somebody's home."""
        client = await self._workspaces.client(team)
        if client is None:
            return
        self._homes.add((team, user))
        reply = await self._door.home(identity(team, user), place_of(team, user))
        try:
            await client.views_publish(user_id=user, view=home_for(reply))
        except (SlackApiError, *LOST) as fault:
            log.info("home_not_drawn", workspace=team, fault=type(fault).__name__)

    async def redraw(self, team: str, user: str) -> None:
        """Draw somebody's home anew, where they have opened it."""
        if (team, user) in self._homes:
            await self.home(team, user)

    async def finish_step(self, team: str, execution: str, why: str, token: str = "") -> None:
        """Tell a workflow that its step is done, or why not; with the token that came for this step, where one did."""
        client = self._workspaces.client_with(token) if token else await self._workspaces.client(team)
        if client is None:
            return
        try:
            if why:
                await client.functions_completeError(function_execution_id=execution, error=why)
            else:
                await client.functions_completeSuccess(function_execution_id=execution, outputs={"sent": True})
        except (SlackApiError, *LOST) as fault:
            log.warning("workflow_step_not_finished", workspace=team, fault=type(fault).__name__)

    def forget(self, team: str) -> None:
        """Show nothing more in a workspace."""
        self._workspaces.forget(team)

    async def _open(self, body: Payload, view: Mapping[str, Any]) -> bool:
        client = await self._workspaces.client(_team(body))
        if client is None:
            return False
        # A modal over a modal is pushed, so that closing it leads back.
        stacked = (body.get("view") or {}).get("type") == "modal" and body.get("type") == "block_actions"
        try:
            if stacked:
                await client.views_push(trigger_id=body["trigger_id"], view=dict(view))
            else:
                await client.views_open(trigger_id=body["trigger_id"], view=dict(view))
        except (SlackApiError, *LOST) as fault:
            log.info("modal_not_opened", workspace=_team(body), fault=type(fault).__name__)
            return False
        return True

    async def say(self, body: Payload, reply: Reply) -> None:
        """Say something for one person's eyes only: beside the button, else in a modal."""
        address = body.get("response_url")
        if address:
            message = reply_for(reply)
            webhook = AsyncWebhookClient(address, retry_handlers=[])
            try:
                await webhook.send(
                    text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
                )
            except (aiohttp.ClientError, TimeoutError) as fault:
                log.info("reply_not_shown", workspace=_team(body), fault=type(fault).__name__)
        else:
            await self._open(body, reply_modal(reply))


def said_before(form: OfferForm, effects: Sequence[AnyEffect]) -> list[str]:
    """List what is said before a form and does not stand between its questions."""
    between = {text for prompt in form.prompts for text in prompt.before}
    said = (effect.text for effect in effects if isinstance(effect, SendMessage))
    return [text for text in said if text not in between]


def _view(form: OfferForm | EditForm | AskForm) -> Mapping[str, Any]:
    match form:
        case OfferForm():
            return form_modal(form)
        case EditForm():
            return edit_modal(form)
        case AskForm():
            return ask_modal(form)


def _team(body: Payload) -> str:
    return str((body.get("team") or {}).get("id") or body["team_id"])
