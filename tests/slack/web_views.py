"""The Web API methods about modals, home pages and workflow steps."""

from typing import Any

from tests.slack.payloads import TRIGGER_LIFE, Payloads
from tests.slack.web_chat import Asked, Method
from tests.slack.world import JSON, Refused, View, Workspace, World

DEEPEST = 3


class Views:
    """views.* and functions.*; also what an acknowledged submission does to the modals."""

    def __init__(self, world: World, payloads: Payloads) -> None:
        self.world, self.payloads = world, payloads
        self.methods: dict[str, Method] = {
            "views.open": self.open,
            "views.push": self.push,
            "views.update": self.update,
            "views.publish": self.publish,
            "functions.completeSuccess": self.complete,
            "functions.completeError": self.complete,
        }

    def open(self, asked: Asked) -> JSON:
        """Open a modal before who pressed; one that is open already goes below."""
        return {"ok": True, "view": self.add(self._pressed(asked), asked.workspace, asked.body["view"]).as_json()}

    def push(self, asked: Asked) -> JSON:
        """Lay a modal on the one that is open."""
        user = self._pressed(asked)
        if not self.world.modals.get(user):
            raise Refused("not_found")
        return {"ok": True, "view": self.add(user, asked.workspace, asked.body["view"]).as_json()}

    def update(self, asked: Asked) -> JSON:
        """Change an open modal; what is typed stays where block and action keep their names."""
        view = self.world.modal(asked.body.get("view_id"), asked.body.get("external_id"))
        if view is None or view.team is not asked.workspace:
            raise Refused("not_found")
        if asked.body.get("hash") not in (None, view.hash):
            raise Refused("hash_conflict")
        self.change(view, asked.body["view"])
        return {"ok": True, "view": view.as_json()}

    def publish(self, asked: Asked) -> JSON:
        """Put up somebody's home page."""
        user = self.world.users.get(asked.text("user_id"))
        if user is None or user.team != asked.workspace.id:
            raise Refused("user_not_found")
        old = self.world.homes.get(user.id)
        if old is not None and asked.body.get("hash") not in (None, old.hash):
            raise Refused("hash_conflict")
        view = self._make(user.id, asked.workspace, asked.body["view"])
        self.world.homes[user.id] = view
        return {"ok": True, "view": view.as_json()}

    def complete(self, asked: Asked) -> JSON:
        """End a workflow step."""
        step = self.world.steps.get(asked.text("function_execution_id"))
        if step is None:
            raise Refused("function_execution_not_found")
        if "result" in step:
            raise Refused("execution_already_completed")
        step["result"] = {"error": asked.text("error")} if "error" in asked.body else {"outputs": _outputs(asked)}
        return {"ok": True}

    def add(self, user: str, workspace: Workspace, given: JSON) -> View:
        """Lay a modal on top."""
        stack = self.world.modals.setdefault(user, [])
        if len(stack) >= DEEPEST:
            raise Refused("push_limit_reached")
        external = given.get("external_id")
        if external and self.world.modal(external_id=external):
            raise Refused("duplicate_external_id")
        view = self._make(user, workspace, given)
        if stack:
            view.previous, view.root = stack[-1].id, stack[0].id
        stack.append(view)
        return view

    def change(self, view: View, given: JSON) -> None:
        """Show something else in a modal."""
        view.given = {**given, "blocks": self.world.with_ids(given["blocks"])}
        view.hash = self.world.new_id("hash.")
        places = {
            (block["block_id"], element.get("action_id"), element.get("type"))
            for block in view.blocks
            for element in (block.get("element"), *block.get("elements", []), block.get("accessory"))
            if element
        }
        view.typed = {
            block_id: {name: value for name, value in values.items() if (block_id, name, value["type"]) in places}
            for block_id, values in view.typed.items()
        }

    def _make(self, user: str, workspace: Workspace, given: JSON) -> View:
        named = {**given, "blocks": self.world.with_ids(given["blocks"])}
        name = self.world.new_id("V")
        return View(name, workspace, user, named, self.world.new_id("hash."), root=name)

    def _pressed(self, asked: Asked) -> str:
        trigger = asked.text("trigger_id")
        if trigger not in self.payloads.triggers:
            raise Refused("invalid_trigger_id")
        if trigger in self.payloads.used_triggers:
            raise Refused("exchanged_trigger_id")
        user, since = self.payloads.triggers[trigger]
        if self.world.now().timestamp() - since > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        if self.world.workspace_of(user) is not asked.workspace:
            raise Refused("invalid_trigger_id")
        self.payloads.used_triggers.add(trigger)
        return user


def _outputs(asked: Asked) -> Any:
    return asked.body.get("outputs", {})
