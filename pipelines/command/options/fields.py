"""Options in groups, and options made of a field of an option class.

Names, types, choices and defaults are those of the fields.
"""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click

from bertprep.settings.did_you_mean import meant

Decorator = Callable[[Any], Any]
VOCABULARY, CLEANING, RUNNING = "Vocabulary", "Cleaning", "Running"
CONFIG_FLAG = "--config"
# The groups of options, in the order --help shows them.
GROUPS = ("Input", CLEANING, VOCABULARY, "Sentences", "Pairs", "Masking", "Output", RUNNING)


def options(*decorators: Decorator, group: str = "") -> Decorator:
    """Several click options as one decorator, in this order; ``group`` is their place in --help."""

    def apply(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
            function.__click_params__[-1].group = group or RUNNING
        return function

    return apply


class PathName(click.Path):
    """A path, or a URI of an object store: completed by the shell, and looked at by the job."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value


class OneOf(click.Choice):  # type: ignore[type-arg]  # generic from click 8.2 on only
    """One of some words; what is none of them is answered by the one that was meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            option = max(param.opts, key=len).lstrip("-") if param else ""
            hint = meant(option, str(value), [str(choice) for choice in self.choices])
            raise click.BadParameter(f"{error.message} {hint}".rstrip(), ctx, param) from None


FILE, FOLDER = PathName(dir_okay=False), PathName(file_okay=False)
ANY_PATH = PathName()


def of_field(kind: Any, name: str, **settings: Any) -> Decorator:
    """The click option for a field of an option class, whose type and default are the field's.

    Args:
        kind: a dataclass of ``bertprep.options``.
        name: of the field, and with hyphens of the option.
        settings: of click's option, that come before those taken from the field.
    """
    hint, default = get_type_hints(kind)[name], getattr(kind, name)
    own: dict[str, Any] = {"default": default, "show_default": default is not None}
    if hint is bool:
        own = {"is_flag": True, "default": default}
    else:
        own["type"] = _click_type(hint)
        own["metavar"] = _METAVARS.get(own["type"])
    return click.option(f"--{name.replace('_', '-')}", name, **{**own, **settings})


# What the help calls a value of a type.
_METAVARS = {int: "N", float: "SHARE"}


def _click_type(hint: Any) -> Any:
    """Literal["a", "b"] as a choice, ``int | None`` as int, others as they are."""
    if get_origin(hint) is Literal:
        return OneOf(list(get_args(hint)))
    optional = [part for part in get_args(hint) if part is not NoneType]
    return _click_type(optional[0]) if optional else hint


def number_or_auto(ctx: click.Context, param: click.Parameter, value: str) -> int | None:
    """``auto`` or a whole number."""
    if value == "auto":
        return None
    try:
        return int(value)
    except ValueError:
        raise click.BadParameter(f"expected a whole number or auto; got {value!r}") from None
