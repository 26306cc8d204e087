"""Chromium for every test that looks at a page; where it is not installed such a test is skipped, loudly."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

expect.set_options(timeout=20_000)
"""Milliseconds for what is not timed: several browsers and whole bots share a few processors."""

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_or_skip() -> Path:
    """Where Chromium is. Absent: skips, or fails where BD1_REQUIRE names browser."""
    if not CHROMIUM.exists():
        why = f"{CHROMIUM} is not installed; these tests look at the page in it"
        if "browser" in os.environ.get("BD1_REQUIRE", "").split(","):
            pytest.fail(f"BD1_REQUIRE asks for browser, but {why}")
        pytest.skip(why)
    return CHROMIUM


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    path = chromium_or_skip()
    async with async_playwright() as player:
        started = await player.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        await started.close()
