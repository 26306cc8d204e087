"""What an idle `bd1 run` costs in memory and processor time, against a bare discord.py bot in the same minute.

Both talk to a loopback Discord of their own. BD-1 watches the pretended card at 1 Hz and follows a real Docker where
there is one. usage: bench_idle.py [SECONDS]
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import yaml

from bd1.sim.discord.seed import GUILD_ID
from bd1.sim.discord.server import LoopbackDiscord
from tests.e2e.bot import config
from tests.nvml.card import FakeCard

HERE = Path(__file__).parent
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
TARGET_RSS, TARGET_CPU = 1.35, 0.005


def rss_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def start(arguments: list[str], environ: dict[str, str], discord: LoopbackDiscord) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env=os.environ | environ | {"BD1_DISCORD_TOKEN": discord.token, "PYTHONPATH": str(HERE.parent)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    await discord.wait_for(lambda _: discord.bot_online, timeout=60)
    return process


async def measure(folder: Path) -> None:
    card = FakeCard(folder / "card")
    async with LoopbackDiscord() as bare_discord, LoopbackDiscord() as discord:
        document = config(
            api_base=discord.api_base,
            ollama_url="http://127.0.0.1:9",
            ollama="bd1-bench-ollama",
            comfyui="bd1-bench-comfyui",
            comfyui_url="http://127.0.0.1:9",
            watchdog={"interval_s": 1.0},
        )
        (folder / "config.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        bare_arguments = [str(HERE / "bare_bot.py"), bare_discord.api_base, bare_discord.gateway_url, str(GUILD_ID)]
        bare = await start(bare_arguments, {}, bare_discord)
        arguments = ["-m", "bd1", "run", "--config", str(folder / "config.yaml")]
        # the driver's own wait for Xids costs nothing; that of the library in its place looks into a file
        bd1 = await start(arguments, card.environ() | {"BD1_NVML_NAP_MS": "500"}, discord)
        await asyncio.sleep(5)  # both have settled
        before = {process.pid: cpu_s(process.pid) for process in (bare, bd1)}
        await asyncio.sleep(SECONDS)
        report(bare.pid, bd1.pid, before)
        for process in (bare, bd1):
            process.terminate()
            await process.wait()


def report(bare: int, bd1: int, before: dict[int, float]) -> None:
    shares = {pid: (cpu_s(pid) - before[pid]) / SECONDS for pid in (bare, bd1)}
    floor, used = rss_mib(bare), rss_mib(bd1)
    print(f"idle for {SECONDS:g} s, sampling at 1 Hz")
    print(f"  RSS   bare bot {floor:6.1f} MiB   bd1 {used:6.1f} MiB   ratio {used / floor:.2f} (target {TARGET_RSS})")
    print(
        f"  CPU   bare bot {shares[bare]:6.2%}       bd1 {shares[bd1]:6.2%} of a core"
        f"   more {shares[bd1] - shares[bare]:.2%} (target {TARGET_CPU:.1%})"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    main()
