"""The page on deployment: its commands for Prism as they stand, the template's parameters."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from pipelines.cli import cli
from pipelines.command.split_arguments import separate_beam_args
from pipelines.runner import beam_options
from tests.beam import prism

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "deployment"
SECONDS = 150
BERTPREP = """#!/bin/sh
exec {python} -m pipelines.cli "$@"
"""


def commands_of(section: str) -> str:
    """What a section of the page has a shell do."""
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    text = re.split(r"^## ", page, flags=re.M)
    (found,) = [part for part in text if part.startswith(section)]
    return "\n".join(re.findall(r"```sh\n(.*?)```", found, re.S))


def test_the_commands_for_prism_do_what_they_say(
    tmp_path: Path, prose: list[str], vocab_dir: Path
) -> None:
    prism.skip_without_prism()
    (tmp_path / "corpus.txt").write_text("\n\n".join(prose[:30]), encoding="utf-8")
    (tmp_path / "vocab.txt").write_bytes((vocab_dir / "vocab.txt").read_bytes())
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, text in {
        "bertprep": BERTPREP.format(python=shlex.quote(sys.executable)),
        "python": f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n',
        "prism": f'#!/bin/sh\nexec {prism.BINARY} -serve_http=false "$@"\n',
    }.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    script = commands_of("Prism")
    for port in ("8073", "50000"):  # others may be at work here
        assert port in script
        script = script.replace(port, str(prism.free_port()))
    script = re.sub(r" &$", " & sleep 3", script, flags=re.M)
    environment = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
    }
    with (tmp_path / "said").open("wb") as said_to:
        process = subprocess.Popen(
            ["sh", "-e", "-c", script + "\nwait"],
            cwd=tmp_path,
            env=environment,
            start_new_session=True,
            stdout=said_to,
            stderr=subprocess.STDOUT,
        )
    try:
        give_up = time.monotonic() + SECONDS
        while not (tmp_path / "more" / "manifest.json").exists():
            said = (tmp_path / "said").read_text()
            assert process.poll() is None and time.monotonic() < give_up, said
            time.sleep(0.1)
    finally:
        os.killpg(process.pid, 15)
        process.wait()
    said = (tmp_path / "said").read_text()
    assert re.search(r"^job +job-", said, re.M)
    assert re.search(r"^state +at work|^result +complete", said, re.M), said
    first, second = (sorted((tmp_path / name / "rows").iterdir()) for name in ("shards", "more"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_every_command_of_the_page_is_understood() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    text = "\n".join(re.findall(r"```(?:sh)?\n(.*?)```", page, re.S)).replace("\\\n", " ")
    found = [shlex.split(line, comments=True) for line in text.splitlines()]
    commands = [words[1:] for words in found if words[:1] == ["bertprep"]]
    assert {engine for words in commands for engine in words if engine.endswith("Runner")} == {
        *("PortableRunner", "FlinkRunner", "SparkRunner", "DataflowRunner")
    }
    for name, *words in commands:
        options = [o for p in cli.commands[name].params for o in (*p.opts, *p.secondary_opts)]
        valued = {
            o for p in cli.commands[name].params if not getattr(p, "is_flag", 0) for o in p.opts
        }
        ours, beams = separate_beam_args(words, set(options), valued, {})
        beam_options.parse(beams)
        cli.commands[name].make_context(name, [*ours], resilient_parsing=True)


def launcher() -> Any:
    spec = spec_from_file_location("launch", FOLDER / "launch.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_templates_parameters_are_options_of_the_command() -> None:
    metadata = json.loads((FOLDER / "metadata.json").read_bytes())
    names = {parameter["name"] for parameter in metadata["parameters"]}
    commands = [cli.commands[name] for name in ("vocab", "prepare", "shard")]
    known = {flag for command in commands for param in command.params for flag in param.opts}
    assert {f"--{name}" for name in names - {"command", "inputs"}} <= known
    for parameter in metadata["parameters"]:
        assert {"name", "label", "helpText", "regexes"} <= set(parameter)


def test_the_launcher_starts_the_command_that_its_parameters_stand_for() -> None:
    given = ["--command=shard", "--inputs", "gs://a/x,gs://b", "--output=gs://c", "--vocab=gs://v"]
    more = ["--runner=DataflowRunner", "--seed="]
    assert launcher().arguments([*given, *more]) == [
        *("shard", "gs://a/x", "gs://b", "--no-wait"),
        *("--output=gs://c", "--vocab=gs://v", "--runner=DataflowRunner"),
    ]


def test_the_image_holds_what_its_launcher_starts() -> None:
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    (entry,) = re.findall(r"FLEX_TEMPLATE_PYTHON_PY_FILE=/opt/bertprep/(\S+)", text)
    assert (ROOT / entry).exists()
    (beam,) = re.findall(r"ARG BEAM=(\S+)", text)
    assert f"apache-beam>={beam[:-2]}," in (ROOT / "setup.py").read_text(encoding="utf-8")
