"""Plays every story and puts the table of them into the README, between its marks."""

import re
import sys
from pathlib import Path

from click.testing import CliRunner

from bd1.cli import main

README = Path(__file__).parents[1] / "README.md"
MARKS = re.compile(r"(<!-- rehearsal -->\n```text\n).*?(\n```\n<!-- /rehearsal -->)", re.DOTALL)

if __name__ == "__main__":
    played = CliRunner().invoke(main, ["rehearse"])
    text = README.read_text(encoding="utf-8")
    README.write_text(MARKS.sub(lambda marks: f"{marks[1]}{played.output.rstrip()}{marks[2]}", text), encoding="utf-8")
    sys.exit(played.exit_code)
