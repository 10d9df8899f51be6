from __future__ import annotations

import bz2
import sys
from base64 import b64decode
from typing import Any

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.internal import cloudpickle_pickler
from apache_beam.options.pipeline_options import DebugOptions, PipelineOptions, StandardOptions
from apache_beam.transforms import core, userstate
from apache_beam.utils import interactive_utils

from pipelines.runner.beam_caches import remembered, unpacked

STATE = userstate.BagStateSpec("seen", StrUtf8Coder())
SEEN = beam.DoFn.StateParam(STATE)
FLAGS = ["--runner", "DirectRunner", "--sdk_worker_parallelism", "3"]


class Stateless(beam.DoFn):
    def process(self, element: str) -> list[str]:
        return [element]


class Stateful(beam.DoFn):
    def process(self, element: str, seen: Any = SEEN) -> list[str]:
        return [element]


def test_a_dofn_of_the_same_class_is_looked_through_once() -> None:
    with remembered():
        for made in (Stateless, Stateful, Stateless, Stateful):
            states, timers = userstate.get_dofn_specs(made())
            assert (states, timers) == ({STATE} if made is Stateful else set(), set())
        assert userstate.get_dofn_specs(Stateful()) is userstate.get_dofn_specs(Stateful())


def test_methods_of_one_dofn_alone_are_seen() -> None:
    with remembered():
        userstate.get_dofn_specs(Stateless())
        taught = Stateless()
        taught.process = Stateful().process  # type: ignore[method-assign]
        assert userstate.get_dofn_specs(taught)[0] == {STATE}


def test_options_are_what_the_flags_say_and_views_share_what_is_set() -> None:
    with remembered():
        for _ in range(2):
            options = PipelineOptions(FLAGS)
            assert options.view_as(StandardOptions).runner == "DirectRunner"
            options.view_as(StandardOptions).runner = "Other"
            assert options.view_as(StandardOptions).runner == "Other"
            assert options.get_all_options()["runner"] == "Other"
        assert PipelineOptions([]).view_as(StandardOptions).runner is None


def test_lists_of_one_run_are_not_those_of_another() -> None:
    with remembered():
        options = PipelineOptions(["--experiments", "one"])
        options.view_as(DebugOptions).add_experiment("two")
        again = PipelineOptions(["--experiments", "one"]).view_as(DebugOptions)
        assert again.experiments == ["one"]
        assert options.view_as(DebugOptions).experiments == ["one", "two"]


def test_the_names_of_options_are_those_of_beam() -> None:
    options = PipelineOptions(FLAGS).view_as(DebugOptions)
    names = options._visible_option_list()
    with remembered():
        assert options._visible_option_list() == names
    assert "experiments" in names


def test_signatures_are_those_of_methods_and_of_functions() -> None:
    look = core.get_signature
    with remembered():
        for _ in range(2):
            for made in (Stateless(), Stateful()):
                for function in (made.process, type(made).process, len, Stateful):
                    assert core.get_signature(function) == look(function)
        assert core.get_signature(Stateless().process) is core.get_signature(Stateless().process)


def test_a_source_with_yield_and_return_is_known_for_it() -> None:
    def both(element: int) -> Any:
        if element:
            return [element]
        yield element

    with remembered():
        for _ in range(2):
            assert core._check_fn_use_yield_and_return(both)
            assert not core._check_fn_use_yield_and_return(Stateless().process)


def test_what_is_unpacked_is_read_and_so_is_what_others_packed() -> None:
    packed = cloudpickle_pickler.dumps(Stateless)
    assert bz2.decompress(b64decode(packed))
    with unpacked():
        as_it_is = cloudpickle_pickler.dumps(Stateless)
        assert b64decode(as_it_is) == bz2.decompress(b64decode(packed))
        assert cloudpickle_pickler.loads(as_it_is) is Stateless
        assert cloudpickle_pickler.loads(packed) is Stateless
    assert cloudpickle_pickler.dumps(Stateless) == packed


def test_beam_is_as_it_was_behind_it() -> None:
    def changed() -> list[Any]:
        functions = [core.get_signature, core._check_fn_use_yield_and_return]
        return [*functions, userstate.get_dofn_specs, PipelineOptions.view_as]

    before = changed()
    with remembered():
        assert [a is b for a, b in zip(changed(), before, strict=True)] == [False] * 4
    assert changed() == before


def test_beam_imports_no_notebook_to_know_that_it_is_in_none(monkeypatch: Any) -> None:
    asked: list[str] = []
    monkeypatch.setattr(interactive_utils, "is_in_ipython", lambda: bool(asked.append("")) or True)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    with remembered():
        assert not interactive_utils.is_in_ipython()
        assert asked == []
        monkeypatch.setitem(sys.modules, "IPython", None)
        assert interactive_utils.is_in_ipython()
    assert asked == [""]
