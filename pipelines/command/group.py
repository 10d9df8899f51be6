"""The command that holds the others: help for each, and a line for one that is not there."""

from __future__ import annotations

import difflib

import click

from pipelines.command.help import HelpContext

# What other tools, and the Python API, call what ours do.
_OTHER_WORDS = {
    **dict.fromkeys(("train-vocabulary", "train_vocabulary", "learn"), "vocab"),
    **dict.fromkeys(("tokenize", "encode", "segment"), "prepare"),
    **dict.fromkeys(
        ("make", "build", "create", "mask", "write", "create_pretraining_data"), "shard"
    ),
    **dict.fromkeys(("dedup", "dedupe", "deduplicate", "filter"), "clean"),
    **dict.fromkeys(("show", "report", "view", "stats", "look"), "inspect"),
    **dict.fromkeys(("check", "validate", "test"), "verify"),
}


class CommandGroup(click.Group):
    """A group whose ``help NAME`` is ``NAME --help``, and that knows near and other names."""

    context_class = HelpContext

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command that the arguments name; UsageError with the nearest, if none is."""
        name, *others = args
        if name == "help" and not others:
            click.echo(ctx.get_help())
            ctx.exit()
        if name == "help":
            name, args = others[0], [others[0], "--help"]
        if name not in self.commands and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(f"no such command: {name}. {self._meant(name)}", ctx)
        return super().resolve_command(ctx, args)

    def _meant(self, name: str) -> str:
        other = [_OTHER_WORDS[name]] if name in _OTHER_WORDS else []
        near = other or difflib.get_close_matches(name, sorted(self.commands), n=2)
        if near:
            return f"Did you mean {' or '.join(near)}?"
        return f"There are {', '.join(self.commands)}; `bertprep --help` says what they do."
