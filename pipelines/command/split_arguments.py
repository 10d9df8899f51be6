"""Whose an argument is: ours go to click, Beam's to Beam, anything else is an error."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import click

from bertprep.errors import UsageError
from pipelines.command.config import read_config
from pipelines.command.help import GroupedCommand
from pipelines.command.options.fields import CONFIG_FLAG
from pipelines.runner import beam_options

BEAM_ARGS, TYPED = f"{__name__}.beam_args", f"{__name__}.typed"
BEAM_HELP = (
    "Any option of Beam and its runners is passed through as it is spelled there, such as "
    "--runner DataflowRunner."
)


class JobCommand(GroupedCommand):
    """A command that takes, besides its own options, every option of Beam and its runners."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:  # for a shell that completes the line
            return super().parse_args(ctx, args)
        ctx.meta[TYPED] = tuple(args)
        own = {flag for p in self.get_params(ctx) for flag in (*p.opts, *p.secondary_opts)}
        args, beam_args = separate_beam_args(args, own, self._takes_value(ctx), _others(ctx))
        if path := _value(CONFIG_FLAG, args):
            config = read_config(path, self, _commands(ctx))
            ctx.default_map = config.values
            beam_args = [*config.beam_args, *beam_args]
        if beam_args:
            from pipelines.runner import (
                beam_run,  # which needs Beam, where there are options for it
            )

            beam_run.check(beam_args)
        ctx.meta[BEAM_ARGS] = beam_args
        return super().parse_args(ctx, args)

    def _takes_value(self, ctx: click.Context) -> set[str]:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option) and not p.is_flag]
        return {flag for p in options for flag in p.opts}


def _commands(ctx: click.Context) -> dict[str, click.Command]:
    """All that run jobs, by name."""
    group = ctx.parent.command if ctx.parent else None
    commands = dict(group.commands) if isinstance(group, click.Group) else {}
    return {name: c for name, c in commands.items() if isinstance(c, JobCommand)}


def _others(ctx: click.Context) -> dict[str, str]:
    """The options of the other commands, with their command."""
    commands = _commands(ctx).values()
    return {flag: c.name or "" for c in commands for p in c.params for flag in p.opts}


def _value(flag: str, args: Sequence[str]) -> str | None:
    """The last value given to an option."""
    own = args[: args.index("--")] if "--" in args else args
    found = None
    for argument, following in zip_longest(own, own[1:], fillvalue=""):
        name, has_value, value = argument.partition("=")
        if name == flag:
            found = value if has_value else following
    return found


def separate_beam_args(
    args: Sequence[str], own: set[str], own_with_value: set[str], others: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Parts the arguments: (ours, Beam's with their values).

    Args:
        args: what the user wrote after the command.
        own: our options.
        own_with_value: those of them that take one.
        others: the options of our other commands, with their command.

    Raises:
        UsageError: for an option neither knows, with the nearest names, and for one that lacks its
            value.
    """
    ours: list[str] = []
    beams: list[str] = []
    waiting = list(args)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            ours += ["--", *waiting]
            break
        flag, has_value, _ = argument.partition("=")
        if not flag.startswith("--") or flag in own:
            ours.append(argument)
            if flag in own_with_value and not has_value:
                ours.append(_taken_value(flag, waiting))
            continue
        action = _beam_action(flag, own, others)
        beams.append(argument)
        if not has_value:
            beams += [waiting.pop(0) for _ in range(_values(flag, action, waiting, own))]
    return ours, beams


def _taken_value(flag: str, waiting: list[str]) -> str:
    """Takes the value of one of our options from the arguments that follow it."""
    if not waiting or waiting[0].startswith("--"):
        raise _lacks_value(flag, waiting)
    return waiting.pop(0)


def _values(flag: str, action: Any, waiting: Sequence[str], own: Collection[str]) -> int:
    """How many of the arguments that follow are values of Beam's option ``flag``."""
    if action.nargs == 0:
        return 0
    if waiting and not waiting[0].startswith("--"):
        return 1
    if action.nargs == "?":
        return 0
    raise _lacks_value(flag, waiting, own)


def _lacks_value(flag: str, waiting: Sequence[str], own: Collection[str] = ()) -> UsageError:
    said = f"{flag} needs a value; got {waiting[0] if waiting else 'none'}"
    ours = flag.replace("_", "-")
    return UsageError(f"{said}. Did you mean {ours}?" if ours != flag and ours in own else said)


def _beam_action(flag: str, own: set[str], others: Mapping[str, str]) -> Any:
    actions = beam_options.known()
    if flag in actions:
        return actions[flag]
    if flag in others:
        raise UsageError(f"no such option: {flag}; it is one of `bertprep {others[flag]}`")
    if flag == "--preset" and "--input-format" in own:
        raise UsageError(f"no such option: {flag}. {_NO_PRESET}")
    near = _near(flag, own, actions)
    hint = f"Did you mean {' or '.join(near)}?" if near else "--help lists the options."
    raise UsageError(f"no such option: {flag}, neither bertprep's nor Beam's. {hint}")


_NO_PRESET = (
    "Published corpora (WikiText, IMDB, OSCAR, C4, ...) are recognised by their content; what is "
    "not is named by --input-format"
)


def _near(flag: str, own: Iterable[str], beams: Iterable[str]) -> list[str]:
    """The options that may have been meant.

    Beam's own are for those who know them, as one of its may do what nobody asked for: they are
    named where ours are not near, or one of Beam's differs by a letter.
    """
    found = difflib.get_close_matches(flag, sorted(own), n=2, cutoff=0.6)
    if not found and "_" in flag.strip("-"):
        return difflib.get_close_matches(flag, sorted(beams), n=2, cutoff=0.6)
    close = difflib.get_close_matches(flag, sorted(beams), n=1, cutoff=0.9)
    if close and (not found or _likeness(flag, close[0]) > _likeness(flag, found[0])):
        return close
    return [each for each in found if _likeness(flag, each) > _likeness(flag, found[0]) - 0.1]


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, other, one).ratio()
