"""The page in a real browser: it fits a phone, asks for nothing, and its examples can be leafed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bertprep.report.decode import DecodedRow, Token
from pipelines.inspect.page import render_page
from tests.inspect.pages import overview
from tests.inspect.test_render import HOSTILE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
REQUIRED = bool(os.environ.get("REQUIRE_CHROMIUM"))
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not REQUIRED,
    reason="there is no chromium on this machine, and REQUIRE_CHROMIUM is not set",
)

WIDTHS = (1280, 600, 390, 320)
# Loads the page once for each width, uses it as a reader would, and notes what is seen.
READER = """<!doctype html><title>reader</title><body><script>
const widths = %s, seen = {}, frames = [];
const look = (frame) => {
  const page = frame.contentDocument, all = (name) => [...page.querySelectorAll(name)];
  const one = (name) => page.querySelector(name);
  const shown = () => all(".example").filter((item) => item.offsetParent).map((item) => item.id);
  const told = [], tell = () => told.push([one("output").textContent, shown().join()]);
  const change = (name, value) => {
    one(name).value = value;
    one(name).dispatchEvent(new Event(name === "select" ? "change" : "input"));
    tell();
  };
  const press = (key) => {
    page.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    tell();
  };
  tell();
  one("button[data-step='1']").click(); tell();
  press("ArrowRight"); press("ArrowLeft"); press("ArrowLeft"); press("ArrowLeft");
  change("select", "B is random");
  change("input[type=search]", "Only Here");
  change("input[type=search]", "nowhere");
  change("select", "");
  change("input[type=search]", "");
  const answer = one(".example:not([hidden]) rt");
  const before = frame.contentWindow.getComputedStyle(answer).visibility;
  one("input[type=checkbox]").click();
  const after = frame.contentWindow.getComputedStyle(answer).visibility;
  for (const part of all("details")) part.open = true;
  for (const item of all(".example")) item.hidden = false;
  const wide = all("body *").filter((item) =>
    item.getBoundingClientRect().right > frame.clientWidth + 1 && !item.closest("svg, caption"));
  return {
    told, answers: [before, after], title: page.title,
    width: frame.contentWindow.innerWidth, scroll: page.documentElement.scrollWidth,
    wide: wide.map((item) => item.outerHTML.slice(0, 80)),
    requests: frame.contentWindow.performance.getEntriesByType("resource").map((e) => e.name),
    pattern: frame.contentWindow.getComputedStyle(one(".masked.ground")).fill,
  };
};
for (const width of widths) {
  const frame = document.createElement("iframe");
  frame.width = width; frame.height = 900; frame.src = "page.html"; frame.style.border = 0;
  frame.onload = () => {
    try { seen[width] = look(frame); } catch (error) { seen[width] = String(error); }
    const text = JSON.stringify(seen);
    if (Object.keys(seen).length === widths.length) document.body.dataset.seen = text;
  };
  document.body.append(frame);
}
</script>"""


def examples() -> list[DecodedRow]:
    long = [
        Token("pneumono" * 12, None),
        Token("[MASK]", "##" + "ultra" * 15),
        Token("天" * 90, "a"),
    ]
    return [
        DecodedRow([Token("first", None), Token("[MASK]", "b")], [Token("b", None)], 0),
        DecodedRow(long, [Token(HOSTILE, "x")], 1),
        DecodedRow([Token("only", None), Token("here", "c")], [Token("b", None)], 1),
        DecodedRow([Token("last", None)] * 300, [Token("[UNK]", None)], 0),
    ]


def run_chromium(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM, "REQUIRE_CHROMIUM is set, and there is no chromium on this machine"
    quiet = ("background-networking", "component-update", "default-apps", "sync", "gpu")
    command = [
        CHROMIUM,
        *("--headless", "--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)),
        *(f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr"),
        *options,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """What a reader sees at each width, and what the browser says meanwhile."""
    folder = tmp_path_factory.mktemp("browser")
    made = overview(
        examples(),
        inputs=[{"name": "long/" * 40, "bytes": 1, "format": "text", "compression": "none"}],
    )
    (folder / "page.html").write_text(render_page(made), encoding="utf-8")
    (folder / "reader.html").write_text(READER % json.dumps(WIDTHS), encoding="utf-8")
    address = (folder / "reader.html").as_uri()
    options = ("--allow-file-access-from-files", "--virtual-time-budget=5000", "--dump-dom")
    done = run_chromium(folder, *options, address)
    found = re.search(r'data-seen="([^"]*)"', done.stdout)
    assert found, done.stdout[-500:] + done.stderr[-2000:]
    return json.loads(unescape(found[1])), done.stderr


@pytest.mark.slow
def test_examples_can_be_leafed_filtered_and_searched(
    reading: tuple[dict[str, Any], str],
) -> None:
    for seen in reading[0].values():
        assert seen["told"] == [
            ["1 of 4", "example-1"],
            ["2 of 4", "example-2"],
            ["3 of 4", "example-3"],
            ["2 of 4", "example-2"],
            ["1 of 4", "example-1"],
            ["4 of 4", "example-4"],
            ["1 of 2", "example-2"],
            ["1 of 1", "example-3"],
            ["none found", ""],
            ["none found", ""],
            ["1 of 4", "example-1"],
        ]
        assert seen["answers"] == ["visible", "hidden"]


@pytest.mark.slow
def test_nothing_is_wider_than_the_screen(reading: tuple[dict[str, Any], str]) -> None:
    assert {int(width) for width in reading[0]} == set(WIDTHS)
    for width, seen in reading[0].items():
        assert seen["width"] == int(width)
        assert seen["scroll"] <= int(width)
        assert seen["wide"] == []


@pytest.mark.slow
def test_nothing_is_asked_for_and_nothing_complains(
    reading: tuple[dict[str, Any], str],
) -> None:
    pages, said = reading
    assert "CONSOLE" not in said
    for seen in pages.values():
        assert seen["requests"] == []
        assert seen["title"] == "corpus: bertprep report"  # no script of the corpus has run
        assert seen["pattern"] != "rgb(0, 0, 0)"  # its own style sheet counts


def test_without_scripts_all_examples_are_there(tmp_path: Path) -> None:
    page = render_page(overview(examples()))
    assert page.count('<li id="example-') == 4
    controls = re.search(r'<div class="controls"[^>]*>', page)
    assert controls and "hidden" in controls[0]
