"""How my own notices are told apart from what the model says: by how a message begins. No answer ever begins so."""

_MARKS = ("⚠️ ", "⏸️ ", "⏹️ ")
_ANSWER = "\N{WORD JOINER}"
"""Put before an answer that would begin like a notice; nobody sees it."""


def as_answer(text: str) -> str:
    """A message of an answer as it is posted."""
    return _ANSWER + text if text.startswith(_MARKS) else text


def answer_in(text: str) -> str:
    """What of a posted message, without its small lines, is an answer; empty for a notice."""
    return "" if text.startswith(_MARKS) and "\n" not in text else text.removeprefix(_ANSWER)
