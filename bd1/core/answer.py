"""What becomes of a question, as typed values: what the chat service tells, and what the Discord side paints. Pure."""

from dataclasses import dataclass, field

from bd1.core.conversation import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with what was said before it, oldest first; the last of `said` is the question itself.

    `id` names it for ever (the id of the message that asks), so it is answered once, whatever crashes. `asker` is who
    is named as waiting. `persona` is `None` for the configured one, `model` for the configured one too. `pictures` are
    files for a model that can see, as JPEG or PNG.
    """

    id: int
    channel_id: int
    asker_id: int
    asker: str
    said: tuple[Said, ...]
    persona: str | None = None
    model: str | None = None
    pictures: tuple[bytes, ...] = ()
    begun: str = ""
    """What an answer that is to be continued says already; the model goes on from there."""
    notes: tuple[str, ...] = ()
    """Sentences for people about what of it could not be read; they are told with the answer."""
    read_last: int | None = None
    """So many messages of a longer conversation were read; `None` where all of it was."""
    may_look: bool = False
    """Whether the asker may know how the card is; only then the model may ask for it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The question stands in line; `ahead` answers come first. `eta_s` is `None` where no speed was measured yet."""

    ahead: int
    eta_s: float | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The GPU is elsewhere: the question is kept until chat is possible again. `reason` is a sentence for people.

    `switch_to` is the mode that would bring chat back; `None` where none would, as while the card is being protected.
    """

    reason: str
    switch_to: str | None = None


@dataclass(frozen=True, slots=True)
class Crowded:
    """The model server has too much to do for others; it is asked again after `again_in_s`."""

    again_in_s: float


@dataclass(frozen=True, slots=True)
class Unheld:
    """The turn of a question has come that was held, `waited_s` after it was asked."""

    waited_s: float


@dataclass(frozen=True, slots=True)
class Loading:
    """The model is not in memory yet. `size_mib` is its size on disk, `usual_s` how long it took the last times."""

    model: str
    size_mib: int | None = None
    usual_s: float | None = None


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing has come from the model for `waited_s`; after `limit_s` without a word it is given up.

    `loading` is what was told before, where the model is still being loaded.
    """

    waited_s: float
    limit_s: float
    loading: Loading | None = None


@dataclass(frozen=True, slots=True)
class Thinking:
    """The model thinks; `text` is the next piece of it. Never shown in the channel, never told to the model again."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """The next piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was told as text was thinking that nobody had announced: of the answer only `text` is left."""

    text: str
    thinking: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is complete. `left_out` older messages did not fit; `cut` when the model stopped at its limit.

    `prompt_tokens` and `answer_tokens` are what the model says that it read and wrote, `num_ctx` is what was planned;
    `None` where it was not told. `notes` are sentences for people about what else was left out or went wrong.
    `read_last` is how many messages of a longer conversation were read.
    """

    model: str
    tokens_per_s: float | None
    left_out: int
    cut: bool
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    num_ctx: int | None = None
    notes: tuple[str, ...] = field(default=())
    read_last: int | None = None


Update = Waiting | Held | Unheld | Crowded | Loading | Silent | Thinking | Text | Recalled | Finished
