"""Answers to what people do: at once, or later as follow-ups."""

from tests.discord.checks import Checks
from tests.discord.person_controls import begin
from tests.discord.rest import Asked, Route
from tests.discord.rest_messages import Writer, numbered
from tests.discord.world import EPHEMERAL, JSON, LOADING, SUPPRESS_EMBEDS, Message, Refused
from tests.discord.world_interactions import Answer, Interaction, Interactions, Kind, Modal

COMPONENTS_ONLY = (Answer.DEFER_UPDATE, Answer.UPDATE)


class Answers:
    """Takes the bot's answers, as long as Discord would."""

    def __init__(self, interactions: Interactions, writer: Writer, checks: Checks) -> None:
        self.interactions, self.writer, self.checks = interactions, writer, checks
        self.world = writer.world

    @property
    def routes(self) -> list[Route]:
        """List the routes; the token in the path is all that they need."""
        hook = "/webhooks/{application}/{token}"
        one = hook + "/messages/{message}"
        callback = "/interactions/{interaction}/{token}/callback"
        return [
            Route("answer", "POST", callback, self.answer, is_open=True),
            Route("create_followup", "POST", hook, self.follow, is_open=True),
            Route("get_original", "GET", hook + "/messages/@original", self.get, is_open=True),
            Route("edit_original", "PATCH", hook + "/messages/@original", self.edit, is_open=True),
            Route("delete_original", "DELETE", hook + "/messages/@original", self.delete, is_open=True),
            Route("get_followup", "GET", one, self.get, is_open=True),
            Route("edit_followup", "PATCH", one, self.edit, is_open=True),
            Route("delete_followup", "DELETE", one, self.delete, is_open=True),
        ]

    # At once.

    async def answer(self, asked: Asked) -> JSON | None:
        """Take the one answer to an interaction."""
        done = self.interactions.find(asked["token"], asked["interaction"])
        if done and done.answer is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if done is None or self.interactions.has_failed(done):
            raise Refused(404, 10062, "Unknown interaction")
        how, data = Answer(asked.body["type"]), asked.body.get("data") or {}
        self._allow(done, how)
        if how is Answer.MODAL:
            self._open(done, data)
        elif how is Answer.CHOICES:
            done.choices = list(data.get("choices", []))
        elif how in (Answer.MESSAGE, Answer.DEFER):
            await self._show(done, data, thinking=how is Answer.DEFER)
        else:
            done.original = done.message
            if how is Answer.UPDATE and done.message:
                await self._change(done.message, data)
        done.answer, done.answered_at = asked.body, self.world.now()
        if done.kind is Kind.MODAL and self.interactions.modals.get(done.user) is done.modal:
            del self.interactions.modals[done.user]
        return _callback(done, how) if asked.query.get("with_response") in ("1", "true") else None

    def _allow(self, done: Interaction, how: Answer) -> None:
        completes = done.kind is Kind.COMPLETION
        fits = completes == (how is Answer.CHOICES)
        fits = fits and not (how is Answer.MODAL and done.kind is Kind.MODAL)
        fits = fits and not (how in COMPONENTS_ONLY and done.message is None)
        if not fits:
            self.checks.refuse("answer", "type", f"answers {done.kind.name} with {how.name}, which it may not")

    def _open(self, done: Interaction, data: JSON) -> None:
        modal = Modal(data["custom_id"], data["title"], numbered(data["components"]), done)
        begin(modal)
        self.interactions.modals[done.user] = done.modal = modal

    async def _show(self, done: Interaction, data: JSON, *, thinking: bool = False) -> None:
        asked = int(data.get("flags") or 0)
        flags = LOADING | asked & EPHEMERAL if thinking else asked
        if thinking and asked & ~(EPHEMERAL | SUPPRESS_EMBEDS):
            self.checks.complain(f"answer: defers with the flags {asked}, of which only the private one counts.")
        done.original = await self._post(done, {} if thinking else data, flags)

    async def _post(self, done: Interaction, data: JSON, flags: int) -> Message:
        message = self.writer.make(done.channel, self.world.bot, data, flags)
        message.only_for = done.user if flags & EPHEMERAL else None
        message.application = self.world.bot.id
        message.kind = 20 if done.kind is Kind.COMMAND else 0
        user = self.world.users[done.user]
        message.interaction = {
            "id": done.id,
            "type": int(done.kind),
            "user": user.as_json(),
            "authorizing_integration_owners": done.payload["authorizing_integration_owners"],
        }
        if done.kind is Kind.COMPONENT and done.message:
            message.interaction["interacted_message_id"] = done.message.id
        if done.kind is Kind.MODAL:
            opened = self._metadata_of_opener(done)
            message.interaction["triggering_interaction_metadata"] = opened
        await self.writer.post(done.channel, message)
        return message

    def _metadata_of_opener(self, done: Interaction) -> JSON:
        opener = done.modal.opened_by if done.modal else done
        described: JSON = {
            "id": opener.id,
            "type": int(opener.kind),
            "user": self.world.users[done.user].as_json(),
            "authorizing_integration_owners": done.payload["authorizing_integration_owners"],
        }
        return described | ({"interacted_message_id": opener.message.id} if opener.message else {})

    # Later.

    def _alive(self, asked: Asked) -> Interaction:
        done = self.interactions.find(asked["token"])
        if done is None or asked["application"] != self.world.bot.id or done.answer is None:
            raise Refused(404, 10015, "Unknown Webhook")
        if not self.interactions.is_alive(done):
            raise Refused(401, 50027, "Invalid Webhook Token")
        return done

    async def follow(self, asked: Asked) -> JSON:
        """Write a follow-up; the first one after `thinking` takes its place."""
        done = self._alive(asked)
        if done.is_thinking and done.original:
            await self._settle(done.original, {**asked.body, "flags": int(asked.body.get("flags") or 0)})
            return done.original.as_json()
        message = await self._post(done, asked.body, int(asked.body.get("flags") or 0))
        done.followups.append(message)
        return message.as_json()

    def _message(self, asked: Asked) -> Message:
        done = self._alive(asked)
        name = asked.names.get("message")
        mine = [done.original, *done.followups, done.message]
        found = done.original if name is None else next((one for one in mine if one and one.id == name), None)
        if found is None or found not in done.channel.messages:
            raise Refused(404, 10008, "Unknown Message")
        return found

    async def get(self, asked: Asked) -> JSON:
        """Read an answer."""
        return self._message(asked).as_json()

    async def edit(self, asked: Asked) -> JSON:
        """Change an answer; one that was thinking is written."""
        message = self._message(asked)
        self.checks.edited(asked.route, asked.body, message.flags)
        await self._settle(message, asked.body)
        return message.as_json()

    async def _settle(self, message: Message, body: JSON) -> None:
        was_thinking = message.flags & LOADING
        message.flags &= ~LOADING
        await self._change(message, body)
        if was_thinking:
            message.edited_at = None

    async def _change(self, message: Message, body: JSON) -> None:
        await self.writer.change(self.world.channels[message.channel], message, body)

    async def delete(self, asked: Asked) -> None:
        """Take an answer away."""
        message = self._message(asked)
        await self.writer.delete(self.world.channels[message.channel], message)


def _callback(done: Interaction, how: Answer) -> JSON:
    shown = done.original if how in (Answer.MESSAGE, Answer.DEFER, Answer.UPDATE) else None
    described: JSON = {"id": done.id, "type": int(done.kind)}
    if done.original:
        described |= {
            "response_message_id": done.original.id,
            "response_message_loading": bool(done.original.flags & LOADING),
            "response_message_ephemeral": bool(done.original.flags & EPHEMERAL),
        }
    resource: JSON = {"type": int(how)}
    return {"interaction": described, "resource": resource | ({"message": shown.as_json()} if shown else {})}
