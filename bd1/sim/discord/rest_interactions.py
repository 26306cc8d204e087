"""REST routes for interactions: callback, @original and follow-ups. The token in the path is the right to them."""

from bd1.sim.discord.answers import Answers
from bd1.sim.discord.interactions import Answer, Interactions, Invocation
from bd1.sim.discord.model import Json
from bd1.sim.discord.payloads import Payloads
from bd1.sim.discord.rest import Call, Reply, Route

_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
_ORIGINAL = _HOOK + "/messages/@original"
_FOLLOW_UP = _HOOK + "/messages/{message_id}"


class InteractionRoutes:
    """How a bot answers."""

    def __init__(self, interactions: Interactions, answers: Answers, payloads: Payloads) -> None:
        self._interactions = interactions
        self._answers = answers
        self._payloads = payloads

    def routes(self) -> list[Route]:
        """What is served here."""
        return [
            Route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self._callback, True),
            Route("GET", _ORIGINAL, self._get_original, True),
            Route("PATCH", _ORIGINAL, self._edit_original, True),
            Route("DELETE", _ORIGINAL, self._delete_original, True),
            Route("POST", _HOOK, self._follow_up, True),
            Route("GET", _FOLLOW_UP, self._get, True),
            Route("PATCH", _FOLLOW_UP, self._edit, True),
            Route("DELETE", _FOLLOW_UP, self._delete, True),
        ]

    def _callback(self, call: Call) -> Reply:
        invocation = self._interactions.awaiting_answer(call.id("interaction_id"), call.params["interaction_token"])
        self._answers.first(invocation, call.body)
        if call.query.get("with_response", "").lower() not in {"1", "true"}:
            return Reply(204)
        return Reply(json=self._callback_result(invocation))

    def _callback_result(self, invocation: Invocation) -> Json:
        shown: Json = {"id": str(invocation.id), "type": int(invocation.kind)}
        message = invocation.message
        if message is not None:
            shown |= {
                "response_message_id": str(message.id),
                "response_message_loading": message.loading,
                "response_message_ephemeral": message.ephemeral,
            }
        result: Json = {"interaction": shown}
        if message is not None and invocation.answer in {Answer.MESSAGE, Answer.UPDATE}:
            result["resource"] = {"type": int(invocation.answer), "message": self._payloads.message(message)}
        return result

    def _invocation(self, call: Call) -> Invocation:
        return self._interactions.answered(call.id("webhook_id"), call.params["webhook_token"])

    def _get_original(self, call: Call) -> Reply:
        return Reply(json=self._payloads.message(self._answers.original(self._invocation(call))))

    def _edit_original(self, call: Call) -> Reply:
        invocation = self._invocation(call)
        message = self._answers.edit(invocation, invocation.message, call.body.object(), call.body)
        return Reply(json=self._payloads.message(message))

    def _delete_original(self, call: Call) -> Reply:
        self._answers.delete(self._invocation(call).message)
        return Reply(204)

    def _follow_up(self, call: Call) -> Reply:
        message = self._answers.follow_up(self._invocation(call), call.body)
        return Reply(json=self._payloads.message(message))

    def _get(self, call: Call) -> Reply:
        message = self._answers.find(self._invocation(call), call.id("message_id"))
        return Reply(json=self._payloads.message(message))

    def _edit(self, call: Call) -> Reply:
        invocation = self._invocation(call)
        message = self._answers.find(invocation, call.id("message_id"))
        edited = self._answers.edit(invocation, message, call.body.object(), call.body)
        return Reply(json=self._payloads.message(edited))

    def _delete(self, call: Call) -> Reply:
        self._answers.delete(self._answers.find(self._invocation(call), call.id("message_id")))
        return Reply(204)
