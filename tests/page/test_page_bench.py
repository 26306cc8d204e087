"""The bench on the page: the card, its chart, the containers, and the switches that make trouble."""

import pytest
from playwright.async_api import Page, ViewportSize, WebSocketRoute, expect

from tests.page.stage import LAPTOP, PHONE, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

CARD = {
    "op": "state", "t": 100.0, "total_mib": 20475, "used_mib": 19000, "reserved_mib": 460, "ceiling_mib": 19451,
    "tiers": {"warn": 80, "alert": 90, "protect": 95}, "tier": "alert", "mode": "image", "switching": True,
    "card": "ok", "holders": [{"label": "comfyui", "mib": 18540}], "containers": [], "troubles": [],
}  # fmt: skip
SHOW = """async (states) => {
  const { Chart } = await import("/assets/bench/chart.js");
  const holder = document.createElement("div");
  holder.style.width = "400px";
  document.getElementById("bench").append(holder);
  const chart = new Chart(holder);
  await new Promise((drawn) => new ResizeObserver(drawn).observe(holder));
  for (const state of states) chart.show(state);
  const count = (selector) => holder.querySelectorAll(selector).length;
  return {
    lines: count(".chart-line"), blind: count(".chart-blind"), heads: count(".chart-head"),
    ceilings: count(".limit-ceiling"),
    labels: [...holder.querySelectorAll("[class*=limit-text]")].map((node) => node.textContent),
    times: [...holder.querySelectorAll("text")].map((node) => node.textContent),
    said: holder.firstChild.getAttribute("aria-label"),
  };
}"""
MARK = """async (states) => {
  const { Marks } = await import("/assets/bench/marks.js");
  const marks = new Marks();
  return states.map((state) => marks.notice(state)).at(-1).map(({ text }) => text);
}"""
CROWD = """async ([state, number]) => {
  const { Chart } = await import("/assets/bench/chart.js");
  const holder = document.createElement("div");
  holder.style.width = "400px";
  document.getElementById("bench").append(holder);
  const chart = new Chart(holder);
  await new Promise((drawn) => new ResizeObserver(drawn).observe(holder));
  chart.show(state, Array.from({ length: number }, () => ({ t: state.t, text: "something happened" })));
  const count = (selector) => holder.querySelectorAll(selector).length;
  return { lines: count(".chart-mark"), words: count(".chart-mark-text") };
}"""
GLANCE = """async (states) => {
  const { CardView } = await import("/assets/bench/card.js");
  const holder = document.createElement("div");
  const card = new CardView(holder);
  return states.map((state) => {
    card.show(state);
    const mode = holder.querySelector(".mode-pill");
    return [mode.hidden ? "" : mode.textContent, holder.querySelector(".tier-pill").textContent];
  });
}"""
SPREAD = """async ([state, times, text]) => {
  const { Chart } = await import("/assets/bench/chart.js");
  const holder = document.createElement("div");
  holder.style.width = "360px";
  document.getElementById("bench").append(holder);
  const chart = new Chart(holder);
  await new Promise((drawn) => new ResizeObserver(drawn).observe(holder));
  const [left, right] = [holder.getBoundingClientRect().left, holder.getBoundingClientRect().right];
  return times.map((t) => {
    chart.show({ ...state, t: state.t + t / 1000 }, [{ t, text }]);
    const label = holder.querySelector(".chart-mark-text");
    const box = label.getBoundingClientRect();
    return [label.textContent, box.left >= left && box.right <= right];
  });
}"""
WORDS = """async (containers) => {
  const { containerWords } = await import("/assets/bench/words.js");
  return containers.map(containerWords);
}"""


async def test_a_trouble_is_switched_on_and_everything_put_right_again(stage: Stage, page: Page) -> None:
    leak = page.locator(".trouble", has_text="leak").first
    await expect(leak).to_have_attribute("aria-pressed", "false")
    await leak.click()
    await expect(leak).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Put everything right").click()
    await expect(leak).to_have_attribute("aria-pressed", "false")
    assert stage.complaints == []


async def test_the_switches_stand_under_short_headings(page: Page) -> None:
    groups = page.locator(".trouble-group")
    await expect(groups).to_have_count(3)
    assert await groups.locator("h3").all_text_contents() == ["The card", "During a switch", "Containers and Docker"]
    assert [await groups.nth(at).get_by_role("button").count() for at in range(3)] == [6, 6, 3]


async def test_a_trouble_of_one_moment_is_off_again_by_itself(stage: Stage, page: Page) -> None:
    hand = page.locator(".trouble", has_text="docker start comfyui")
    await hand.click()
    await expect(page.locator(".container", has_text="comfyui")).to_have_attribute("data-state", "starting")
    await expect(hand).to_have_attribute("aria-pressed", "false")
    assert stage.complaints == []


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE])
async def test_every_switch_is_wholly_seen_on_a_laptop_and_on_a_phone(stage: Stage, viewport: ViewportSize) -> None:
    page = await stage.look(viewport)
    if viewport == PHONE:
        await page.click("[data-tab=bench]")
    troubles = page.locator(".trouble")
    await expect(troubles.last).to_be_attached()
    assert (
        await page.evaluate(
            "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.getElementById('bench'))"
        )
        == 0
    )
    for trouble in await troubles.all():
        await trouble.scroll_into_view_if_needed()
        box = await trouble.bounding_box()
        assert box
        assert 44 <= box["height"] <= 90
        assert box["x"] + box["width"] <= viewport["width"]


async def test_while_bd1_is_down_the_card_says_so_instead_of_a_mode(page: Page) -> None:
    states = [CARD, CARD | {"down": True, "mode": "unknown", "tier": "unknown", "switching": False}, CARD]
    told = await page.evaluate(GLANCE, states)
    assert told == [["Switching…", "Alert"], ["", "BD-1 is down"], ["Switching…", "Alert"]]


async def test_a_switch_that_bd1_did_not_live_to_end_brought_no_mode_about(page: Page) -> None:
    kill: dict[str, object] = {"id": "bd1_crash", "label": "Kill BD-1"}
    stages: list[dict[str, object]] = [
        {"troubles": [kill | {"active": False}]},
        {"troubles": [kill | {"active": True}], "switching": False, "down": True, "mode": "unknown"},
    ]
    assert await page.evaluate(MARK, [CARD | {"t": 100.0 + at} | more for at, more in enumerate(stages)]) == [
        "Kill BD-1"
    ]


async def test_the_bench_shows_the_containers_and_the_card(page: Page) -> None:
    await expect(page.locator(".container-name").first).to_be_visible()
    assert "comfyui" in await page.locator(".container-name").all_text_contents()
    assert "of 20 GiB" in await page.inner_text("#card")
    assert "Chat mode" in await page.inner_text("#card")


async def test_the_chart_leaves_a_gap_where_the_card_gave_no_reading(page: Page) -> None:
    readings = [1000, 2000, None, None, 3000, 4000]
    states = [CARD | {"t": 100.0 + at, "used_mib": used} for at, used in enumerate(readings)]
    drawn = await page.evaluate(SHOW, states)
    assert (drawn["lines"], drawn["blind"], drawn["heads"]) == (2, 1, 1)
    assert drawn["labels"] == ["95% protect", "90% alert", "80% warn"]
    assert drawn["said"] == "Video memory over the last two minutes. Now: 3.9 of 20.0 GiB, tier alert."


async def test_an_unread_card_is_unknown_and_never_zero(page: Page) -> None:
    drawn = await page.evaluate(SHOW, [CARD | {"used_mib": None, "tier": "unknown"}])
    assert (drawn["lines"], drawn["heads"]) == (0, 0)
    assert "Now: no reading" in drawn["said"]


async def test_a_ceiling_apart_from_the_tiers_gets_its_own_line(page: Page) -> None:
    drawn = await page.evaluate(SHOW, [CARD | {"ceiling_mib": 15000}])
    assert drawn["ceilings"] == 1
    assert drawn["labels"][-1] == "ceiling"


async def test_what_happened_is_written_along_the_chart_as_far_as_there_is_room(page: Page) -> None:
    holder = {"name": "comfyui", "state": "running", "vram_mib": 2400, "restarts": 0, "note": ""}
    calm, leak = ({"id": "leak", "label": "VRAM leak", "active": active} for active in (False, True))
    stages = [
        {"containers": [holder], "troubles": [calm]},
        {"containers": [holder], "troubles": [leak], "switching": False, "mode": "image"},
        {"containers": [holder | {"state": "exited", "note": "killed"}], "troubles": [calm], "switching": False},
    ]
    states = [CARD | {"t": 100.0 + at} | more for at, more in enumerate(stages)]
    told = await page.evaluate(MARK, states)
    assert told == ["VRAM leak", "image mode", "comfyui killed"]
    crowd = await page.evaluate(CROWD, [CARD | {"t": 100.0}, 9])
    assert crowd == {"lines": 9, "words": 3}


async def test_a_long_word_along_the_chart_stays_on_it(page: Page) -> None:
    text = "Somebody runs docker start comfyui"
    drawn = await page.evaluate(SPREAD, [CARD | {"t": 100.0}, [70, 80, 90, 100], text])
    words = [word for word, _ in drawn]
    assert all(is_within for _, is_within in drawn)
    assert words[0] == words[-1] == text
    assert all(text.startswith(word.removesuffix("…")) for word in words)
    assert min(len(word) for word in words) > 20


async def test_the_chart_opens_as_far_as_there_is_something_to_show(page: Page) -> None:
    for seconds, wanted in ((5, "30 s ago"), (45, "1 min ago"), (300, "2 min ago")):
        states = [CARD | {"t": float(at)} for at in range(seconds)]
        assert wanted in (await page.evaluate(SHOW, states))["times"]


async def test_containers_are_told_in_words_a_newcomer_understands(page: Page) -> None:
    told = [
        {"state": "created", "note": ""},
        {"state": "exited", "note": ""},
        {"state": "exited", "note": "crashed"},
        {"state": "restarting", "note": "crashed, Docker starts it again"},
        {"state": "running", "note": "leaks memory"},
    ]
    assert await page.evaluate(WORDS, told) == [
        ["never started", ""],
        ["stopped", ""],
        ["crashed", ""],
        ["restarting", "crashed, Docker starts it again"],
        ["running", "leaks memory"],
    ]


async def test_what_the_bench_refuses_is_said_on_it(stage: Stage, page: Page) -> None:
    lines: list[WebSocketRoute] = []

    def through(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    await page.route_web_socket("**/bench/socket", through)
    await page.reload()
    await expect(page.locator(".trouble").first).to_be_visible()
    lines[0].send('{"op": "error", "text": "That could not be done. Press reset."}')
    await expect(page.locator("#bench-notice")).to_have_text("That could not be done. Press reset.")
    assert stage.complaints == []


async def test_the_first_steps_are_done_with_one_press_each(stage: Stage, page: Page) -> None:
    steps = page.get_by_role("region", name="First steps")
    await steps.get_by_role("button", name="Ask BD-1").click()
    await expect(page.locator("discord-message")).to_have_count(1)
    await steps.get_by_role("button", name="VRAM leak: watch BD-1 save the host").click()
    await expect(page.locator(".trouble[aria-pressed=true]")).to_have_count(1)
    await expect(page.locator("#channel-title")).to_have_text("gpu-alerts")
    assert await steps.locator(".is-done").count() == 2
    assert stage.server.messages("bridge")[0].content.startswith(f"<@{stage.server.bot.id}>")


async def test_on_a_phone_the_tab_of_the_bench_says_how_full_the_card_is(stage: Stage) -> None:
    page = await stage.look(PHONE)
    await expect(page.locator("#tab-tier")).to_have_text("2%")
    await page.click("[data-tab=bench]")
    assert await page.locator("#chart svg").is_visible()
