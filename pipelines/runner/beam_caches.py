"""Remembers, while a run lasts, what Beam finds out anew hundreds of times.

For each step it reads the same flags by a parser made for that, and looks through the methods of a
DoFn for state and timers: a fifth of a small run's time.  And to know that it is not in a notebook,
it imports all that a notebook needs.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from types import MethodType
from typing import Any

Function = Callable[..., Any]


@contextmanager
def remembered() -> Iterator[None]:
    """Within, Beam looks once for what never changes."""
    from apache_beam import pipeline
    from apache_beam.options.pipeline_options import PipelineOptions
    from apache_beam.transforms import userstate
    from apache_beam.utils import interactive_utils

    with (
        _replaced(interactive_utils, "is_in_ipython", _where_it_is_loaded),
        _replaced(pipeline, "is_in_ipython", _where_it_is_loaded),
        _replaced(userstate, "get_dofn_specs", _specs_by_class),
        _replaced(PipelineOptions, "view_as", _views_by_flags),
    ):
        yield


@contextmanager
def _replaced(owner: Any, name: str, quicker: Callable[[Function], Function]) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, quicker(before))
    try:
        yield
    finally:
        setattr(owner, name, before)


def _where_it_is_loaded(look: Function) -> Function:
    """Whether this is IPython, which is imported then: Beam would import it to ask."""
    return lambda: "IPython" in sys.modules and look()


def _specs_by_class(look: Function) -> Function:
    """The state and timers that the methods of a DoFn ask for, by its class."""
    known: dict[type, Any] = {}

    def get_dofn_specs(dofn: Any) -> Any:
        if any(isinstance(value, MethodType) for value in vars(dofn).values()):
            return look(dofn)  # it may have methods that its class has not
        kind = type(dofn)
        if kind not in known:
            known[kind] = look(dofn)
        return known[kind]

    return get_dofn_specs


def _views_by_flags(look: Function) -> Function:
    """Options seen as those of one kind: what is read off the same flags is read once."""
    known: dict[tuple[type, tuple[str, ...]], Namespace] = {}

    def view_as(self: Any, kind: Any) -> Any:
        flags = self._flags
        key = kind, tuple(sys.argv if flags is None else flags)
        if key not in known:
            known[key] = deepcopy(look(self, kind)._visible_options)
        view, visible, every = kind.__new__(kind), deepcopy(known[key]), self._all_options
        for name, value in vars(visible).items():
            every.setdefault(name, value)
        vars(view).update(_flags=flags, _visible_options=visible, _all_options=every)
        return view

    return view_as
