"""The expected trouble, as one small tree. Each message is a sentence a person can act on."""


class Bd1Error(Exception):
    """Something expected went wrong; `str(error)` may be shown to a person as it is."""


class ConfigError(Bd1Error):
    """The configuration is refused. The message holds file, line, key and what to write instead, a line per finding."""


class DockerUnavailable(Bd1Error):
    """The Docker engine did not answer, or not in time."""


class ContainerMissing(Bd1Error):
    """A container named in the configuration does not exist."""


class ContainerRefused(Bd1Error):
    """Docker answered, and said no (a start that failed, a name that is not in the configuration)."""


class ChatUnavailable(Bd1Error):
    """The chat model server cannot be reached or does not answer."""


class LineFull(ChatUnavailable):
    """Too many questions wait, or too many of this person; in a while this very one may be asked again."""


class ChatRefused(Bd1Error):
    """The chat model server answered with an error: unknown model, bad request, broken generation."""


class ChatBusy(ChatRefused):
    """The chat model server's own queue is full; nothing was begun."""


class ToolsRefused(ChatRefused):
    """The model cannot ask for facts, so it must not be offered any; nothing was begun."""


class ChatStopped(Bd1Error):
    """A person ended the answer, or took the question back."""


class QuestionGone(ChatStopped):
    """Whoever asked has deleted the question: what has not been said needs no word below it."""


class ModelMissing(ChatRefused):
    """The model is not on the chat model server."""


class PicturesUnavailable(Bd1Error):
    """The picture server cannot be reached, or does not answer as one."""


class FileUnreadable(Bd1Error):
    """An attached file cannot be read. The message is the end of a sentence that begins with the file's name."""


class TooLate(Bd1Error):
    """What was asked for is no longer possible: the switch is over, or past the point of no return."""


class Busy(Bd1Error):
    """Another mode switch is under way."""


class SwitchRefused(Bd1Error):
    """A mode switch was refused: the message names who holds the card, or what is missing."""


class DiscordRefused(Bd1Error):
    """Discord said no in a way that trying again cannot mend (token, intents)."""


class StoreUnavailable(Bd1Error):
    """The data folder or its file cannot be used."""


class DemoUnavailable(Bd1Error):
    """The demo cannot start as asked (port taken, model not there)."""


class NoSuchStory(Bd1Error):
    """A rehearsal was asked for under a name that no story has."""
