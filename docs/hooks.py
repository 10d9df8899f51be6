"""What the site shows of the code itself: the commands, from click, and the changelog."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def on_files(files: Any, config: Any) -> Any:
    """Adds the pages that are made; mkdocs calls this."""
    from mkdocs.structure.files import File

    pages = {
        "reference/commands.md": "\n".join(commands()),
        "reference/modules.md": "\n".join(modules()),
        "changelog.md": (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
    }
    for path, content in pages.items():
        files.append(File.generated(config, path, content=content))
    return files


def modules() -> Iterator[str]:
    """The lines of the page of all modules: the first of each one's docstring."""
    yield "# Modules\n"
    for package in ("bertprep", "pipelines"):
        for folder in sorted({path.parent for path in (ROOT / package).rglob("*.py")}):
            rows = [
                f"| `{path.stem}` | {_cell((ast.get_docstring(tree) or '').split(chr(10))[0])} |"
                for path in sorted(folder.glob("*.py"))
                if path.stem != "__init__" and (tree := ast.parse(path.read_text("utf-8")))
            ]
            if rows:
                yield f"## {folder.relative_to(ROOT)}\n\n| module | |\n|---|---|"
                yield "\n".join(rows) + "\n"


def commands() -> Iterator[str]:
    """The lines of the page of all commands and options."""
    import click

    from pipelines.cli import cli

    yield "# Commands\n"
    yield "Exit code 0: done; 1: failed, in one line that says why; 2: wrong usage.\n"
    context = click.Context(cli, info_name="bertprep")
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        yield f"## bertprep {name}\n"
        yield f"    {command.get_usage(inner).removeprefix('Usage: ')}\n"
        yield f"{(command.help or '').strip()}\n"
        yield from _options(command, inner)


def _cell(text: str) -> str:
    for mark in "|[":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", " ")


def _options(command: Any, context: Any) -> Iterator[str]:
    import click

    groups: dict[str, list[str]] = {}
    for option in command.get_params(context):
        if isinstance(option, click.Option) and (record := option.get_help_record(context)):
            names, text = (_cell(part) for part in record)
            row = f"| {names} | {' '.join(text.split())} |"
            groups.setdefault(getattr(option, "group", "Options"), []).append(row)
    for group, rows in groups.items():
        yield f"| {group} | |\n|---|---|"
        yield "\n".join(rows) + "\n"
