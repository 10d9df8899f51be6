"""--help with the options in groups, and examples of the command."""

from __future__ import annotations

import inspect

import click

from pipelines.command.options.fields import GROUPS, RUNNING
from pipelines.command.wrapping import HelpLines


class HelpContext(click.Context):
    """The values that a command is called with; its help fits the terminal."""

    formatter_class = HelpLines


class GroupedCommand(click.Command):
    """A command whose options have groups, and whose docstring may end in ``Examples:``."""

    context_class = HelpContext

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes a list for each group, the help option last."""
        rows: dict[str, list[tuple[str, str]]] = {group: [] for group in (*GROUPS, "")}
        for param in self.get_params(ctx):
            if not isinstance(param, click.Option):
                continue
            if record := param.get_help_record(ctx):
                rows[_group(param)].append(record)
        groups = [(group or "Options", found) for group, found in rows.items() if found]
        for group, found in groups:
            with formatter.section(group if len(groups) > 1 else "Options"):
                formatter.write_dl(found)


def _group(param: click.Parameter) -> str:
    return str(getattr(param, "group", RUNNING))


def examples(*lines: str, more: str = "") -> str:
    """The end of a command's help: commands as they are typed, and what else there is to say."""
    shown = "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
    return inspect.cleandoc(f"{shown}\n\n{more}" if more else shown)
