"""Remembers, while a run lasts, what Beam finds out anew hundreds of times.

For each step it reads the same flags by a parser made for that, looks through the methods of a DoFn
for their arguments, state and timers, and packs what it sends as small as can be: two fifths of a
small run's time.  And to know that it is not in a notebook, it imports all that a notebook needs.
"""

from __future__ import annotations

import inspect
import pickle
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from types import CodeType, FunctionType, MethodType, SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

Function = Callable[..., Any]


@contextmanager
def remembered() -> Iterator[None]:
    """Within, Beam looks once for what never changes."""
    from apache_beam import pipeline
    from apache_beam.options.pipeline_options import PipelineOptions
    from apache_beam.transforms import core, userstate
    from apache_beam.typehints import decorators
    from apache_beam.utils import interactive_utils

    with (
        _replaced(core, "_check_fn_use_yield_and_return", _by_code),
        _replaced(core, "get_signature", _by_function),
        _replaced(decorators, "get_signature", _by_function),
        _replaced(decorators, "traceback", _without_stacks),
        _replaced(PipelineOptions, "_visible_option_list", _names_of_options),
        _replaced(interactive_utils, "is_in_ipython", _where_it_is_loaded),
        _replaced(pipeline, "is_in_ipython", _where_it_is_loaded),
        _replaced(userstate, "get_dofn_specs", _specs_by_class),
        _replaced(PipelineOptions, "view_as", _views_by_flags),
    ):
        yield


@contextmanager
def unpacked() -> Iterator[None]:
    """Within, steps are sent as they are: whoever reads them has to be within it, too.

    On one machine their few kilobytes are no burden, and to pack them is a seventh of a small run.
    """
    from apache_beam.internal import cloudpickle_pickler

    with _replaced(cloudpickle_pickler, "bz2", _without_packing):
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


def _without_packing(packing: Any) -> Any:
    """The module `bz2`, but that it leaves pickles as they are."""

    def decompress(data: bytes) -> bytes:
        return data if data.startswith(pickle.PROTO) else packing.decompress(data)

    return SimpleNamespace(compress=lambda data, compresslevel: data, decompress=decompress)


def _by_code(look: Function) -> Function:
    """Looks once at the source of a function, for all functions that come of it."""
    known: dict[CodeType, Any] = {}

    def of_source(function: Function) -> Any:
        code = getattr(inspect.unwrap(function), "__code__", None)
        if code is None:
            return look(function)
        if code not in known:
            known[code] = look(function)
        return known[code]

    return of_source


def _by_function(look: Function) -> Function:
    """The signatures of functions and methods, as long as these last."""
    functions: WeakKeyDictionary[Function, Any] = WeakKeyDictionary()
    methods: WeakKeyDictionary[Function, Any] = WeakKeyDictionary()

    def get_signature(function: Function) -> Any:
        method = isinstance(function, MethodType)
        key = getattr(function, "__func__", function) if method else function
        if not isinstance(key, FunctionType):
            return look(function)
        known = methods if method else functions
        if key not in known:
            known[key] = look(function)
        return known[key]

    return get_signature


def _without_stacks(traceback: Any) -> Any:
    """The module `traceback` for who notes where each type was stated: our steps state none."""
    return SimpleNamespace(format_stack=lambda limit: [])


def _names_of_options(look: Function) -> Function:
    """The same names, but not among all that any object has."""
    return lambda self: sorted(n for n in vars(self._visible_options) if not n.startswith("_"))


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
