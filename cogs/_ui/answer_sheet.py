"""What an answer's messages should say and offer at any moment. Knows the words, not Discord's calls."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bd1.core.answer import Crowded, Finished, Held, Loading, Recalled, Silent, Text, Thinking, Unheld, Update, Waiting
from bd1.core.settings import ChatSettings
from bd1.core.stream import LIMIT, Growing, units
from cogs._ui.foreign import plain, sentence
from cogs._ui.limits import clip
from cogs._ui.notice_marks import as_answer

Buttons = tuple[str, ...]
FILE_NAME = "answer.md"
_BELOW = 200
"""Units of each message that are kept for what stands below an answer."""
_SENTENCE, _NAME = 600, 60
_MIB_PER_GB = 1000 * 1000 * 1000 / (1024 * 1024)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no message can hold: control characters, and halves of characters."""
_BROKEN = "\N{REPLACEMENT CHARACTER}"
_SEEN = re.compile(
    "[^\\s\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f\\u202a-\\u202e"
    "\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0]"
)
"""What a reader sees: a message of anything else is an empty one to Discord."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One message: what it says, the buttons below it, and the file that goes with it."""

    content: str
    buttons: Buttons = ()
    file: str | None = None


def readable(text: str) -> str:
    """`text` as a message can hold it: without control characters, with a mark for what is no character."""
    if _UNSEEN.search(text) is None:
        return text
    return _UNSEEN.sub(lambda found: _BROKEN if found[0] >= "\ud800" else "", text)


def _growing() -> Growing:
    return Growing(LIMIT - _BELOW)


@dataclass(slots=True)
class Sheet:
    """Takes what becomes of a question, and lays out its messages."""

    settings: ChatSettings
    state: Update | None = None
    since: float = 0.0
    """When `state` began."""
    finished: Finished | None = None
    trouble: str | None = None
    was_stopped: bool = False
    is_unasked: bool = False
    """The question is gone, so nobody can ask it again."""
    waited_s: float = 0.0
    """How long after the question its turn came, where it was held; else 0."""
    is_taken_back: bool = False
    """A later message speaks for the question: nothing is to be seen of this answer."""
    _text: list[str] = field(default_factory=list)
    _thinking: list[str] = field(default_factory=list)
    _messages: Growing = field(default_factory=_growing)

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._text)

    @property
    def thinking(self) -> str:
        """What the model thought so far; never shown in the channel."""
        return "".join(self._thinking)

    @property
    def has_text(self) -> bool:
        """Whether there is anything to read."""
        return any(_SEEN.search(piece) for piece in self._text)

    def take(self, update: Update, now: float) -> None:
        """The next update, at `now` on any clock."""
        if type(update) is not type(self.state):
            self.since = now
        self.state = update
        match update:
            case Text(text):
                self._text.append(readable(text))
            case Thinking(text):
                self._thinking.append(text)
            case Recalled(text, thinking):
                self._text, self._messages = [readable(text)], _growing()
                self._thinking.append(thinking)
            case Finished():
                self.finished = update
            case Unheld(waited_s):
                self.waited_s = waited_s

    def fail(self, why: str, *, was_stopped: bool) -> None:
        """It ended without being complete; `why` is a sentence for people."""
        self.trouble, self.was_stopped = why, was_stopped

    def live(self, now: float) -> tuple[Paper, ...]:
        """The messages while it grows. What may still become a fence is held back at the very end."""
        if self.is_taken_back:
            return ()
        return self._laid_out(self.text.rstrip("`~"), self._notice(now), self._live_buttons(), is_over=False)

    def last(self) -> tuple[Paper, ...]:
        """The messages of the end; none where it was taken back, or the question is gone and nothing was said."""
        if self.is_taken_back or (self.is_unasked and not self.has_text):
            return ()
        return self._laid_out(self.text, self._below(), self._last_buttons(), is_over=True)

    def last_as_file(self) -> tuple[Paper, ...]:
        """The end where Discord does not take the text as a message."""
        below = f"-# 📄 Discord does not take this answer as a message; it is in the file.\n{self._below()}".rstrip()
        return (Paper(below, self._last_buttons(), self.text),)

    def _laid_out(self, text: str, below: str, buttons: Buttons, *, is_over: bool) -> tuple[Paper, ...]:
        contents = [as_answer(part.shown) for part in self._messages.parts(text) if _SEEN.search(part.shown)]
        file = None
        if len(contents) > self.settings.most_messages:
            contents = contents[: self.settings.most_messages]
            file = text if is_over else None
            contents.append(_about_file(len(text), is_over=is_over))
        contents = _with_below(contents, below)
        *above, last = contents or [""]
        return (*(Paper(content) for content in above), Paper(last, buttons, file)) if last else ()

    def _notice(self, now: float) -> str:
        told = ""
        match self.state:
            case Waiting():
                told = _waiting(self.state)
            case Held(reason):
                told = f"⏸️ {sentence(reason, _SENTENCE)} Your question is kept and answered then."
            case Crowded(again_in_s):
                told = f"-# ⏳ Ollama is busy for somebody else and took no more; I ask again in {_span(again_in_s)}."
            case Loading():
                told = _loading(self.state)
            case Silent():
                told = _silent(self.state)
            case Thinking():
                told = f"-# 💭 thinking, {max(now - self.since, 0):.0f} s"
        return told

    def _live_buttons(self) -> Buttons:
        match self.state:
            case Waiting() | Crowded():
                return ("cancel",)
            case Held(_, switch_to):
                return ("cancel", f"switch:{switch_to}") if switch_to else ("cancel",)
        return ("stop",)

    def _last_buttons(self) -> Buttons:
        failed = self.trouble is not None
        is_cut = self.finished is not None and self.finished.cut
        offered = {
            "retry": failed and not self.was_stopped,
            "regenerate": (not failed or self.was_stopped) and not self.is_unasked,
            "continue": is_cut,
            "thinking": bool(self._thinking),
            "delete": True,
        }
        return tuple(name for name, is_offered in offered.items() if is_offered)

    def _below(self) -> str:
        if self.trouble is not None:
            mark = "⏹️" if self.was_stopped else "⚠️"
            told = sentence(self.trouble, _SENTENCE)
            return f"-# {mark} {told}" if self.has_text or self.was_stopped else f"{mark} {told}"
        if self.finished is None:
            return ""
        lines = [*_warnings(self.finished), *([] if self.has_text else ["The model had nothing to say."])]
        footer = [_footer(self.finished)] if self.settings.footer else _window(self.finished)
        return "\n".join(f"-# {line}" for line in [*footer, *lines])


def _with_below(contents: Sequence[str], below: str) -> list[str]:
    """The messages with a line below the last one; in a message of its own where it does not fit."""
    if not below:
        return list(contents)
    below = clip(below, LIMIT - _BELOW)
    if not contents or units(contents[-1]) + units(below) + 1 > LIMIT:
        return [*contents, below]
    return [*contents[:-1], f"{contents[-1]}\n{below}"]


def _about_file(characters: int, *, is_over: bool) -> str:
    if is_over:
        return "-# 📄 It goes on: the whole answer is in the file."
    return f"-# 📄 It goes on, {characters} characters so far; the whole answer comes as a file."


def _waiting(waiting: Waiting) -> str:
    place = f"{waiting.ahead} before you" if waiting.ahead else "You are next"
    return f"-# ⏳ {place}{_eta(waiting.eta_s)}; I answer as soon as it is your turn."


def _eta(eta_s: float | None) -> str:
    if eta_s is None:
        return ""
    return f", about {_span(eta_s)}" if eta_s >= 1 else ", any moment now"


def _loading(loading: Loading) -> str:
    size = "" if loading.size_mib is None else f" ({loading.size_mib / _MIB_PER_GB:.1f} GB)"
    usual = "" if loading.usual_s is None else f", usually ~{_span(loading.usual_s)}"
    return f"-# ⏳ loading {plain(loading.model, _NAME)}{size}{usual}"


def _silent(silent: Silent) -> str:
    so_far = (
        _loading(silent.loading) if silent.loading else f"-# ⏳ no word from the model for {_span(silent.waited_s)}"
    )
    return f"{so_far}; I give it {_span(silent.limit_s)}, *Stop* ends it"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _footer(finished: Finished) -> str:
    parts = [plain(finished.model, _NAME)]
    if finished.tokens_per_s is not None:
        parts.append(f"{finished.tokens_per_s:.0f} tokens/s")
    if finished.prompt_tokens is not None and finished.num_ctx is not None:
        used = finished.prompt_tokens + (finished.answer_tokens or 0)
        parts.append(f"context {used} of {finished.num_ctx}")
    return " · ".join([*parts, *_window(finished)])


def _window(finished: Finished) -> list[str]:
    """What of a longer conversation was read; no more than a word, for in a busy place it is so each time."""
    return [] if finished.read_last is None else [f"last {finished.read_last} messages"]


def _warnings(finished: Finished) -> list[str]:
    told = [sentence(note, _SENTENCE) for note in finished.notes]
    if finished.left_out:
        many = "oldest message" if finished.left_out == 1 else f"{finished.left_out} oldest messages"
        told.append(f"the {many} did not fit into the context")
    if finished.cut:
        told.append("cut at the length limit; Continue goes on from here")
    return [f"⚠️ {warning}" for warning in told]
