"""The command line's way with options: ours to click, Beam's to Beam, anything else is an error."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Any

import click

from bertprep.errors import UsageError

BEAM_ARGS = "bertprep.beam_args"


class JobCommand(click.Command):
    """A command that takes, besides its own options, every option of Beam and its runners."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {flag for p in self.get_params(ctx) for flag in (*p.opts, *p.secondary_opts)}
        args, ctx.meta[BEAM_ARGS] = separate_beam_args(args, own, self._takes_value(ctx))
        return super().parse_args(ctx, args)

    def _takes_value(self, ctx: click.Context) -> set[str]:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option) and not p.is_flag]
        return {flag for p in options for flag in p.opts}


def separate_beam_args(
    args: Sequence[str], own: set[str], own_with_value: set[str]
) -> tuple[list[str], list[str]]:
    """Parts the arguments: (ours, Beam's with their values).

    Raises:
        UsageError: for an option neither knows, with the nearest names.
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
            if flag in own_with_value and not has_value and waiting:
                ours.append(waiting.pop(0))
            continue
        beams.append(argument)
        if not has_value:
            beams += [waiting.pop(0) for _ in range(_beam_values(flag, own, waiting))]
    return ours, beams


def _beam_values(flag: str, own: set[str], waiting: Sequence[str]) -> int:
    """How many of the arguments that follow are values of Beam's option ``flag``."""
    action = _beam_action(flag, own)
    if action.nargs == 0:
        return 0
    if action.nargs in (None, "?") or not waiting:
        return min(1, len(waiting))
    count = 0
    while count < len(waiting) and not waiting[count].startswith("--"):
        count += 1
    return min(count, action.nargs) if isinstance(action.nargs, int) else count


def _beam_action(flag: str, own: set[str]) -> Any:
    from pipelines.runner import beam_parser

    actions = {name: action for action in beam_parser()._actions for name in action.option_strings}
    if flag not in actions:
        raise unknown_option(flag, [*own, *actions])
    return actions[flag]


def unknown_option(flag: str, known: Sequence[str]) -> UsageError:
    near = difflib.get_close_matches(flag, sorted(known), n=2, cutoff=0.6)
    hint = f" Did you mean {' or '.join(near)}?" if near else " --help lists the options."
    return UsageError(f"no such option: {flag}, neither bertprep's nor Beam's.{hint}")


def options(*decorators: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Several click options as one decorator, in this order."""

    def apply(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return apply


def shard_number(ctx: click.Context, param: click.Parameter, value: str) -> int | None:
    """``auto`` or a whole number."""
    if value == "auto":
        return None
    try:
        return int(value)
    except ValueError:
        raise click.BadParameter(f"expected a whole number or auto; got {value!r}") from None
