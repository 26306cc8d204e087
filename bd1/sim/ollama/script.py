"""The simulated model's words: a few useful answers and a plausible rest; pure, so each question has one answer."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_QUOTE = 120

GREETING = (
    "Hello! I am BD-1's simulated model: a script that stands in for a real one, so that you can try everything "
    "without a graphics card. Ask me what I can do."
)

ABILITIES = (
    "I am a simulated model, but everything around me is the real program. Try one of these:\n\n"
    "- **`/gpu status`** shows the card, its tier and what is loaded.\n"
    "- **`/gpu mode`** hands the card from chat to pictures and back, and proves that it is free in between.\n"
    "- Ask me for **code**, and I answer with a block of it.\n"
    "- Ask me for a **story**, and I answer at such length that it takes more than one message.\n"
    "- Ask me about **VRAM**, and I explain what fills it.\n"
    "- Ask me **how the card is**, and I ask BD-1 for its true figures."
)

VRAM = (
    "VRAM is the memory on the graphics card. Three things fill it when a language model is loaded:\n\n"
    "1. **The weights.** An 8B model in 4-bit takes about 4.4 GiB.\n"
    "2. **The context cache.** It grows with every token the model may look back at: an 8B Llama needs 128 KiB for "
    "each, so 8192 tokens cost 1 GiB.\n"
    "3. **Working buffers**, some hundred MiB.\n\n"
    "An image model wants several GiB more at once. When both ask for memory that is not there, the driver fails, and "
    "at worst the host stands still. That is why only one of them may hold the card at a time.\n\n"
    "(I am a simulated model, but those figures are true.)"
)

CODE = (
    "Here is a small program that asks the driver how much memory is in use:\n\n"
    "```python\n"
    "import pynvml\n\n\n"
    "def used_mib(index: int = 0) -> int:\n"
    '    """What is taken on the card, in MiB."""\n'
    "    pynvml.nvmlInit()\n"
    "    try:\n"
    "        card = pynvml.nvmlDeviceGetHandleByIndex(index)\n"
    "        memory = pynvml.nvmlDeviceGetMemoryInfo(card)\n"
    "        return (memory.total - memory.free) // 2**20\n"
    "    finally:\n"
    "        pynvml.nvmlShutdown()\n\n\n"
    'print(f"{used_mib()} MiB in use")\n'
    "```\n\n"
    "It takes *total minus free*, because that figure means the same with every driver. "
    "I am a simulated model: any request for code gets this answer."
)

THANKS = "You are welcome. That is easily said for a simulated model, but I mean it as far as a script can."

STORY_OPENING = "# The card that two wanted\n\n(Told by a simulated model, which has all the time in the world.)"

STORY = (
    (
        "In a rack at the end of a corridor there lived a graphics card with twenty gibibytes of memory. Two "
        "tenants knew it. One was a storyteller, who took half of the memory and kept it warm, because nothing is "
        "as tiresome as fetching eight billion numbers from a disk. The other was a painter, who came seldom, but "
        "when he came he threw his arms wide and wanted all the room there was."
    ),
    (
        "For a while it went well. The storyteller talked by day and the painter worked by night, and neither "
        "noticed the other. Then came an evening on which somebody asked for a story and a picture at the same "
        "time. The storyteller was in the middle of a sentence when the painter opened the door. He spread his "
        "canvas, the canvas touched the wall, and the driver, who had never learnt to say no, stood still. And "
        "since the driver stood still, so did the host, with every machine in it."
    ),
    (
        "The painter's landlord meant well. Whenever the painter fell, he was set on his feet again at once. But "
        "each fall left a splash of paint on the floor that nobody wiped away, and so there was a little less room "
        "each time, and he fell a little sooner. After the fifth fall there was no room left to stand in."
    ),
    (
        "The next morning a small droid rolled into the corridor. It carried no weapon and no badge, only a ruler. "
        "Once a second it measured how much of the card was taken, and it wrote the figure down where even a power "
        "cut could not reach it. It asked the storyteller to leave before the painter came, and then it did what "
        "nobody had done before: it looked. It did not take the storyteller's word that he had gone. It measured, "
        "measured again, and measured a third time, and only when the ruler had said the same thing three times did "
        "it open the door."
    ),
    (
        "Once the painter fell three times within ten minutes. The landlord reached out as he always did, but the "
        "droid had already turned the key. It wrote on the door what had happened, when, and how much paint lay on "
        "the floor, and it waited for a human to come and read it. The painter grumbled. The host, however, went on "
        "running, and so did everything in it, and the people in the other rooms never learnt how close it had "
        "been."
    ),
    (
        "That is how the droid was given its place at the end of the corridor. It is not a hero and does not care "
        "to be one. If you ask it for the secret of a quiet night, it shows you the ruler and says that a refusal "
        "with a reason is a kindness, and that nothing is free until somebody has measured it."
    ),
)

SHORT = (
    (
        "You wrote: “{question}”. A real model would now think of something clever. I am a simulated one, so I can "
        "only confirm that your message arrived, that the card has room, and that this answer came to you token by "
        "token."
    ),
    (
        "“{question}”: a fair point. I am a simulated model and have no opinion of my own, but the way your words "
        "took, from the channel through the queue to me and back, is the real one."
    ),
    (
        "On “{question}” I would say: it depends. More than that you cannot ask of a simulated model; try “what can "
        "you do?” for the things I have better answers to."
    ),
)

RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(story|tale|fairy ?tale|essay)\b"), "\n\n".join((STORY_OPENING, *STORY))),
    (re.compile(r"\b(code|python|script|snippet|program|function)\b"), CODE),
    (re.compile(r"\bwhat (can|do) you do\b|\bwho are you\b|\bwhat are you\b|\bhelp\b"), ABILITIES),
    (re.compile(r"\bvram\b|\b(video|gpu|graphics) (memory|card)\b|\bout of memory\b"), VRAM),
    (re.compile(r"\b(thanks|thank you|cheers)\b"), THANKS),
    (re.compile(r"^\W*(hi|hello|hey|hiya|good (morning|afternoon|evening))\b"), GREETING),
)

TOOLS = {
    "gpu_status": re.compile(r"\bhow\b.{0,30}\b(card|gpu)\b"),
    "loaded_models": re.compile(r"\bmodels?\b.{0,30}\bloaded\b|\bloaded\b.{0,30}\bmodels?\b"),
    "recent_incidents": re.compile(r"\bincidents?\b"),
}
"""At which words the model asks for which facts; for any other tool at a word of its name."""

CARD = (
    "I looked: {vram_used_mib} MiB of {vram_total_mib} MiB of VRAM are in use ({vram_used_pct} %), the state is "
    "{state} and the mode is {mode}."
)
TOLD = "I looked, and this is what I was told: {told}"
LABEL = "(I am a simulated model and only repeat it, but I was told it by BD-1 itself, just now.)"


def tool_for(messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The tool that the last message makes the model ask for; `None` when it answers by itself."""
    if not messages or messages[-1].get("role") != "user":
        return None
    question = str(messages[-1].get("content") or "").lower()
    return next((tool for tool in tools if _mark_of(tool).search(question)), None)


def _mark_of(tool: Mapping[str, Any]) -> re.Pattern[str]:
    name = str((tool.get("function") or {}).get("name", "")).lower()
    words = "|".join(re.escape(word) for word in name.split("_") if word)
    return TOOLS.get(name) or re.compile(rf"\b({words})\b")


def reply_to(model: str, messages: Sequence[Mapping[str, Any]]) -> str:
    """The answer to the last thing a user said; `model` plays no part in it yet every brain is told."""
    del model
    if messages and messages[-1].get("role") == "tool":
        return f"{_from_facts(str(messages[-1].get('content') or ''))}\n\n{LABEL}"
    question = next((str(told.get("content") or "") for told in reversed(messages) if told.get("role") == "user"), "")
    for pattern, answer in RULES:
        if pattern.search(question.lower()):
            return answer
    return _short(" ".join(question.split()))


def _from_facts(told: str) -> str:
    try:
        return CARD.format(**json.loads(told))
    except (ValueError, TypeError, KeyError):  # other facts, or fewer: they are told as they are
        return TOLD.format(told=told)


def _short(question: str) -> str:
    if not question:
        return GREETING
    quoted = question if len(question) <= LONGEST_QUOTE else question[: LONGEST_QUOTE - 1] + "…"
    return SHORT[sum(question.encode()) % len(SHORT)].format(question=quoted)
