"""All that is used of Beam's insides: which of it another version of Beam lacks.

``setup.py`` admits the versions that this was run with; to admit another, run this first.
"""

from __future__ import annotations

import ast
import inspect
import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import apache_beam
import pytest

ROOT = Path(__file__).parents[2]
WORKER_HANDLERS = "apache_beam.runners.portability.fn_api_runner.worker_handlers"
OPTIONS = "apache_beam.options.pipeline_options"
FN_API_RUNNER = "apache_beam.runners.portability.fn_api_runner.fn_runner.FnApiRunner"

# Module -> the attributes used, with dots for attributes of attributes.
USED = {
    OPTIONS: [
        "PipelineOptions._add_argparse_args",
        "PipelineOptions._visible_option_list",
        "PipelineOptions.view_as",
        "PipelineOptions.get_all_options",
        "StandardOptions",
        "DebugOptions",
        "DirectOptions",
        "FlinkRunnerOptions",
        "GoogleCloudOptions",
        "PortableOptions",
        "SetupOptions",
        "SparkRunnerOptions",
        "WorkerOptions",
    ],
    "apache_beam.internal.cloudpickle_pickler": ["bz2.compress", "bz2.decompress"],
    "apache_beam.portability.api": [
        "beam_provision_api_pb2.ProvisionInfo",
        "endpoints_pb2.ApiServiceDescriptor",
    ],
    "apache_beam.metrics": ["MetricsFilter.with_namespace"],
    "apache_beam.pipeline": ["is_in_ipython"],
    "apache_beam.portability.python_urns": ["SUBPROCESS_SDK"],
    "apache_beam.runners.portability.fn_api_runner.fn_runner": [
        "FnApiRunner",
        "ExtendedProvisionInfo",
    ],
    "apache_beam.runners.portability.portable_runner": [
        "JobServiceHandle.encode_pipeline_options",
        "PipelineResult.cancel",
        "PipelineResult.state",
        "PipelineResult.metrics",
    ],
    "apache_beam.runners.worker.sdk_worker_main": ["main", "create_harness"],
    "apache_beam.transforms.core": ["_check_fn_use_yield_and_return", "get_signature"],
    "apache_beam.transforms.environments": ["SubprocessSDKEnvironment"],
    "apache_beam.transforms.userstate": ["get_dofn_specs"],
    "apache_beam.typehints.decorators": ["get_signature", "traceback.format_stack"],
    "apache_beam.utils.interactive_utils": ["is_in_ipython"],
    WORKER_HANDLERS: [
        "WorkerHandler.register_environment",
        "WorkerHandler._registered_environments",
        "GrpcWorkerHandler.start_worker",
        "GrpcWorkerHandler.stop_worker",
        "GrpcWorkerHandler.close",
        "ControlConnection.push",
        "ControlConnection.abort",
        "ControlFuture.set",
        "ControlFuture.get",
        "ControlFuture.is_done",
    ],
}
# What objects have only once they are made.
OF_A_HANDLER = [
    "control_address",
    "control_conn.push",
    "control_conn.abort",
    "data_conn._closed",
    "data_conn._exception",
    "worker_id",
    "provision_info.provision_info.pipeline_options",
]
OF_A_PIPELINE = ["local_tempdir", "options", "run"]
OF_ALL_OPTIONS = ["_flags", "_visible_options", "_all_options"]
OF_OPTIONS = {
    "StandardOptions": ["runner"],
    "DebugOptions": ["experiments"],
    "DirectOptions": ["direct_num_workers", "direct_running_mode"],
    "FlinkRunnerOptions": ["flink_job_server_jar", "flink_master"],
    "GoogleCloudOptions": ["project", "region", "template_location"],
    "PortableOptions": ["environment_config", "environment_type", "job_endpoint"],
    "SetupOptions": ["extra_packages", "setup_file"],
    "SparkRunnerOptions": ["spark_job_server_jar"],
    "WorkerOptions": ["sdk_container_image"],
}
PARAMETERS = {
    f"{WORKER_HANDLERS}.GrpcWorkerHandler": ["state", "provision_info", "grpc_server"],
    FN_API_RUNNER: [
        "default_environment",
        "provision_info",
    ],
}
FIELDS = {
    "beam_provision_api_pb2.ProvisionInfo": "pipeline_options",
    "endpoints_pb2.ApiServiceDescriptor": "url",
}
# What a worker process reads from its environment.
VARIABLES = ["CONTROL_API_SERVICE_DESCRIPTOR", "PIPELINE_OPTIONS", "WORKER_ID"]


def lacking(thing: object, name: str, paths: list[str]) -> list[str]:
    """The dotted attributes that a thing does not have, with its name."""

    def has(path: str) -> bool:
        found: object = thing
        for part in path.split("."):
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True

    return [f"{name}.{path}" for path in paths if not has(path)]


def found(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def missing_names() -> Iterator[str]:
    for module, paths in USED.items():
        try:
            yield from lacking(import_module(module), module, paths)
        except ImportError:
            yield module


def missing_parameters() -> Iterator[str]:
    for path, names in PARAMETERS.items():
        known = inspect.signature(found(path)).parameters
        yield from (f"{path}({name}=)" for name in names if name not in known)
    for path, field in FIELDS.items():
        file, _, message = path.partition(".")
        fields = getattr(found(f"apache_beam.portability.api.{file}"), message).DESCRIPTOR
        yield from [] if field in fields.fields_by_name else [f"{path}.{field}"]
    source = inspect.getsource(import_module("apache_beam.runners.worker.sdk_worker_main"))
    yield from (f"the variable {name}" for name in VARIABLES if name not in source)


def missing_of_objects() -> Iterator[str]:
    options = found(f"{OPTIONS}.PipelineOptions")([])
    yield from lacking(options, "PipelineOptions", OF_ALL_OPTIONS)
    for kind, names in OF_OPTIONS.items():
        yield from lacking(options.view_as(found(f"{OPTIONS}.{kind}")), kind, names)
    pipeline = apache_beam.Pipeline(runner=found(FN_API_RUNNER)())
    yield from lacking(pipeline, "Pipeline", OF_A_PIPELINE)
    shutil.rmtree(pipeline.local_tempdir, ignore_errors=True)
    state = found(f"{WORKER_HANDLERS}.StateServicer")()
    info = found("apache_beam.portability.api.beam_provision_api_pb2").ProvisionInfo()
    extended = found(FN_API_RUNNER.replace("FnApiRunner", "ExtendedProvisionInfo"))(info)
    server = found(f"{WORKER_HANDLERS}.GrpcServer")(state, extended, 1)
    try:
        handler = found(f"{WORKER_HANDLERS}.GrpcWorkerHandler")(state, extended, server)
        yield from lacking(handler, "GrpcWorkerHandler", OF_A_HANDLER)
    finally:
        server.close()


def test_beam_has_all_that_is_used_of_it() -> None:
    missing = [*missing_names(), *missing_parameters()]
    missing += missing_of_objects() if not missing else []
    assert not missing, f"Beam {version('apache-beam')} lacks {', '.join(missing)}"


def test_what_is_missing_is_named() -> None:
    assert lacking(apache_beam, "apache_beam", ["DoFn.process", "DoFn.gone", "gone.too"]) == [
        "apache_beam.DoFn.gone",
        "apache_beam.gone.too",
    ]


def imported_of_beam(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("apache_beam"):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", sorted((ROOT / "pipelines/runner").glob("*.py")), ids=str)
def test_all_that_is_imported_of_beam_is_in_the_list(path: Path) -> None:
    listed = {f"{module}.{name.split('.')[0]}" for module, names in USED.items() for name in names}
    assert set(imported_of_beam(path)) <= listed | set(USED)


def test_only_versions_that_were_run_are_admitted() -> None:
    (admitted,) = [
        line
        for line in (ROOT / "setup.py").read_text(encoding="utf-8").splitlines()
        if '"apache-beam>=' in line
    ]
    low, high = re.findall(r"[<>]=?(\d+\.\d+)", admitted)
    running = tuple(map(int, version("apache-beam").split(".")[:2]))
    assert tuple(map(int, low.split("."))) <= running < tuple(map(int, high.split(".")))
