"""Discord's Markdown in the page: read into the right tree, drawn as the right nodes, and never as HTML."""

import random
import time

import pytest
from playwright.async_api import Page, expect

from tests.page.stage import Stage

SLOW_S = 3.0
pytestmark = pytest.mark.asyncio(loop_scope="session")

RENDER = """async (sources) => {
  const { renderBlocks } = await import("/assets/chat/render-markdown.js");
  const names = { user: (id) => `user${id}`, channel: (id) => `channel${id}`, role: (id) => `role${id}`, me: "7" };
  return sources.map((source) => {
    const holder = document.createElement("div");
    holder.append(...renderBlocks(source, names));
    return holder.innerHTML;
  });
}"""
TAGS = """async (sources) => {
  const { renderBlocks } = await import("/assets/chat/render-markdown.js");
  const names = { user: String, channel: String, role: String };
  const holder = document.createElement("div");
  for (const source of sources) holder.append(...renderBlocks(source, names));
  return [...holder.querySelectorAll("*")].map((node) => node.tagName);
}"""
PLAIN = 'async (source) => (await import("/assets/chat/markdown.js")).plainText(source)'


def p(inner: str) -> str:
    return f'<div class="md-p">{inner}</div>'


def link(href: str, text: str) -> str:
    return f'<a href="{href}" target="_blank" rel="noopener noreferrer nofollow">{text}</a>'


INLINE = {
    "**bold**": "<strong>bold</strong>",
    "*slanted*": "<em>slanted</em>",
    "_slanted_": "<em>slanted</em>",
    "__under__": "<u>under</u>",
    "~~gone~~": "<s>gone</s>",
    "***both***": "<strong><em>both</em></strong>",
    "**a *b* c**": "<strong>a <em>b</em> c</strong>",
    "*a **b** c*": "<em>a <strong>b</strong> c</em>",
    "snake_case_name": "snake_case_name",
    "2 * 3 * 4": "2 * 3 * 4",
    r"\*plain\*": "*plain*",
    r"\_\_plain\_\_": "__plain__",
    "**open": "**open",
    "`a *b* c`": '<code class="md-code">a *b* c</code>',
    "``a ` b``": '<code class="md-code">a ` b</code>',
    "<@5> and <@!7>": '<discord-mention type="user">user5</discord-mention> and '
    '<discord-mention type="user" class="is-me">user7</discord-mention>',
    "<#3>": '<discord-mention type="channel" data-channel="3">channel3</discord-mention>',
    "<@&9>": '<discord-mention type="role">role9</discord-mention>',
    "</gpu mode:12>": '<discord-mention type="slash">gpu mode</discord-mention>',
    "<:droid:12345>": ":droid:",
    "[docs](https://example.org/a_(b))": link("https://example.org/a_(b)", "docs"),
    "see https://example.org/x.": "see " + link("https://example.org/x", "https://example.org/x") + ".",
    "<https://example.org>": link("https://example.org", "https://example.org"),
    "[bad](http://example.org)": "[bad](http://example.org)",
    "[bad](javascript:alert(1))": "[bad](javascript:alert(1))",
    "first\nsecond": "first\nsecond",
}

BLOCKS = {
    "# One\ntwo": '<div class="md-h md-h1" role="heading" aria-level="3">One</div>' + p("two"),
    "### Three": '<div class="md-h md-h3" role="heading" aria-level="5">Three</div>',
    "#no heading": p("#no heading"),
    "-# small": '<div class="md-sub">small</div>',
    "> a\n> b\nc": f'<blockquote class="md-quote">{p("a" + chr(10) + "b")}</blockquote>{p("c")}',
    ">>> a\n\nb": f'<blockquote class="md-quote">{p("a" + chr(10) * 2 + "b")}</blockquote>',
    "- a\n  - b\n- c": '<ul class="md-list"><li>a<ul class="md-list"><li>b</li></ul></li><li>c</li></ul>',
    "3. a\n4. b": '<ol class="md-list" start="3"><li>a</li><li>b</li></ol>',
    "x\n```py\na < b\n```\ny": p("x") + '<figure class="md-fence"><figcaption>py</figcaption>'
    '<pre tabindex="0"><code>a &lt; b</code></pre></figure>' + p("y"),
    "```one line```": '<figure class="md-fence"><pre tabindex="0"><code>one line</code></pre></figure>',
    "``` never closed": p("``` never closed"),
    "": "",
}

HOSTILE = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "**<svg onload=window.hit=1>**",
    "`<b>x</b>`",
    "||<iframe srcdoc='<script>parent.hit=1</script>'>||",
    '[x](https://example.org/"onmouseover="window.hit=1)',
    "[<img src=x onerror=window.hit=1>](https://example.org)",
    "```html\n<script>window.hit = 1</script>\n```",
    "<t:99999999999999999:R> <t:9999999999999:F>",
    "</x:1> <@1><script>",
)


ALLOWED = {
    *("A", "BLOCKQUOTE", "BR", "CODE", "DISCORD-MENTION", "DIV", "EM", "FIGCAPTION", "FIGURE", "LI", "OL", "PRE", "S"),
    *("SPAN", "STRONG", "TIME", "U", "UL"),
}
PIECES = (
    "*",
    "**",
    "_",
    "__",
    "~~",
    "||",
    "`",
    "```",
    "\n",
    "> ",
    "- ",
    "# ",
    "\\",
    "<@1>",
    "<t:1:R>",
    "[a](",
    ")",
    "a",
    "<b>",
)


async def test_inline_marks_become_their_nodes(page: Page) -> None:
    assert await page.evaluate(RENDER, list(INLINE)) == [p(drawn) for drawn in INLINE.values()]


async def test_blocks_become_their_nodes(page: Page) -> None:
    assert await page.evaluate(RENDER, list(BLOCKS)) == list(BLOCKS.values())


async def test_a_spoiler_is_hidden_until_it_is_pressed(stage: Stage) -> None:
    stage.bot_says("The card is ||full||.")
    page = await stage.look()
    spoiler = page.locator(".md-spoiler")
    assert not await spoiler.get_by_text("full").is_visible()
    await spoiler.press("Enter")
    assert await spoiler.get_by_text("full").is_visible()
    assert await spoiler.get_attribute("role") is None


async def test_a_relative_time_is_said_in_words(page: Page) -> None:
    soon = int(time.time()) + 200
    [drawn] = await page.evaluate(RENDER, [f"<t:{soon}:R>"])
    assert "in 3 minutes" in drawn


async def test_what_people_write_stays_text(stage: Stage) -> None:
    for text in HOSTILE:
        stage.bot_says(text)
    page = await stage.look()
    await expect(page.locator("discord-message")).to_have_count(len(HOSTILE))
    strange = await page.evaluate(
        "document.querySelectorAll('#messages :is(script, img, iframe, svg, [onerror])').length"
    )
    welcome_and_toolbar = await page.evaluate(
        "document.querySelectorAll('#messages :is(.welcome, .toolbar) :is(img, svg)').length"
    )
    assert strange == welcome_and_toolbar
    assert await page.evaluate("window.hit") is None
    assert await page.get_by_text("<script>window.hit = 1</script>", exact=True).first.is_visible()
    assert stage.complaints == []


async def test_any_jumble_of_marks_is_drawn_with_harmless_nodes_only(page: Page) -> None:
    dice = random.Random(1138)  # noqa: S311 a repeatable jumble, not a secret
    jumbles = ["".join(dice.choices(PIECES, k=dice.randrange(1, 40))) for _ in range(400)]
    names: list[str] = await page.evaluate(TAGS, jumbles)
    assert set(names) <= ALLOWED


async def test_a_text_made_to_be_slow_is_read_quickly(page: Page) -> None:
    worst = ["**_" * 1300, "*a **b " * 570, "[" * 4000, "`" * 3999, "> " * 2000, "||~~" * 1000, "\\" * 4000]
    started = time.perf_counter()
    await page.evaluate(RENDER, worst)
    assert time.perf_counter() - started < SLOW_S


async def test_plain_text_leaves_the_marks_out(page: Page) -> None:
    assert await page.evaluate(PLAIN, "## Hi **there**\n- `one`\n- ||two||") == "Hi there one two"
