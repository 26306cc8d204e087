"""Documents as models write them, and worse: made from a seed, so that a bad one can be made again."""

import random

_SAYING = "the card is free now and nothing else may touch it before somebody has measured what is left of it"
WORDS = _SAYING.split()
CLUSTERS = ("🦊", "👩‍🚀", "👍🏽", "🇩🇪🇫🇷", "e\u0301", "a\u0300\u0316", "한", "字", "ᄒ\u1161\u11ab")
LANGUAGES = ("", "python", "c++", "js title=x", "x" * 60)


def words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count))


def sentence(chance: random.Random) -> str:
    return words(chance, chance.randint(2, 14)).capitalize() + chance.choice(".!?:")


def paragraph(chance: random.Random) -> str:
    return " ".join(sentence(chance) for _ in range(chance.randint(1, 6)))


def inline(chance: random.Random) -> str:
    mark = chance.choice(("`", "``"))
    return f"{words(chance, 3)} {mark}{words(chance, chance.randint(1, 8))}{mark} {words(chance, 4)}."


def listing(chance: random.Random) -> str:
    marks = chance.choice((("- ",) * 9, ("* ",) * 9, tuple(f"{number}. " for number in range(1, 10))))
    return "\n".join(mark + words(chance, chance.randint(1, 9)) for mark in marks[: chance.randint(2, 9)])


def table(chance: random.Random) -> str:
    rows = [f"| {words(chance, 2)} | {words(chance, 2)} |" for _ in range(chance.randint(1, 7))]
    return "\n".join([rows[0], "| --- | --- |", *rows[1:]])


def fence(chance: random.Random) -> str:
    run = chance.choice(("```", "```", "````", "~~~"))
    lines = [" " * chance.randint(0, 8) + words(chance, chance.randint(0, 6)) for _ in range(chance.randint(1, 9))]
    inner = "\n```\n" if run == "~~~" and chance.random() < 0.3 else "\n"
    return f"{run}{chance.choice(LANGUAGES)}\n" + "\n".join(lines) + f"{inner}{run}"


def fence_in_list(chance: random.Random) -> str:
    code = fence(chance).replace("\n", "\n  ")
    return f"- {words(chance, 4)}\n  {code}\n- {words(chance, 4)}"


def oddity(chance: random.Random) -> str:
    return chance.choice(
        (
            "```python\n" + words(chance, 20),
            "`" + words(chance, 12),
            "x" * chance.randint(1, 900),
            "".join(chance.choice(CLUSTERS) for _ in range(chance.randint(1, 200))),
            "\n" * chance.randint(1, 700),
            " " * chance.randint(1, 700),
            "```",
            "~~~~",
            "o" + "\u0301" * chance.randint(1, 300),
            "a`b``c```d",
            "> ```\n> " + words(chance, 9) + "\n> ```",
            "# " + words(chance, 3),
            "```one line of code```",
        )
    )


BLOCKS = (paragraph, paragraph, inline, listing, table, fence, fence_in_list)


def tidy_blocks(seed: int) -> list[str]:
    """Well-formed blocks, to be put together with blank lines."""
    chance = random.Random(seed)  # noqa: S311 documents, not secrets
    return [chance.choice(BLOCKS)(chance) for _ in range(chance.randint(1, 8))]


def document(seed: int) -> str:
    """Anything at all."""
    chance = random.Random(seed)  # noqa: S311 documents, not secrets
    kinds = (*BLOCKS, oddity, oddity, oddity)
    parts = [chance.choice(kinds)(chance) for _ in range(chance.randint(1, 8))]
    return "".join(part + chance.choice(("\n\n", "\n", " ", "")) for part in parts)
