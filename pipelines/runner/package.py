"""The package that workers elsewhere install: bertprep ships itself, as a wheel made on the spot.

A wheel needs nothing built where it is installed, and no tool where it is made.
"""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path
from typing import Any

from bertprep import __version__
from bertprep.errors import UsageError

_PACKAGES = ("bertprep", "pipelines")
_WHEEL = "Wheel-Version: 1.0\nGenerator: bertprep\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_NO_LIST = "disable_logging_submission_environment"
_TIME = (1980, 1, 1, 0, 0, 0)  # the same bytes each time


def ship(options: Any, folder: str) -> None:
    """Has Beam stage a wheel of bertprep, unless its options say where workers have it from.

    Args:
        options: Beam's, which are changed.
        folder: a local one for the wheel.

    Raises:
        UsageError: if a tool is lacking that the options ask for.
    """
    from apache_beam.options.pipeline_options import PortableOptions, SetupOptions, WorkerOptions

    setup = options.view_as(SetupOptions)
    if setup.setup_file and util.find_spec("build") is None:
        raise UsageError(
            "--setup_file needs the package build: pip install build; or leave the option out, as "
            "bertprep ships itself"
        )
    is_here = options.view_as(PortableOptions).environment_type == "LOOPBACK"
    has_image = options.view_as(WorkerOptions).sdk_container_image
    if is_here or has_image or setup.setup_file or _is_among(setup.extra_packages or ()):
        return
    setup.extra_packages = [*(setup.extra_packages or ()), write_wheel(folder)]


def leave_list_out(options: Any) -> None:
    """Has Beam not list all that is installed here, by a `pip freeze` of seconds, for nobody.

    Only the boot step of a container compares it with what it has.

    Args:
        options: Beam's, which are changed.
    """
    from apache_beam.options.pipeline_options import DebugOptions, PortableOptions

    if options.view_as(PortableOptions).environment_type in ("LOOPBACK", "EXTERNAL", "PROCESS"):
        debug = options.view_as(DebugOptions)
        debug.experiments = [*(debug.experiments or ()), _NO_LIST]


def _is_among(packages: Any) -> bool:
    return any(os.path.basename(path).startswith("bertprep") for path in packages)


def write_wheel(folder: str) -> str:
    """Writes the running bertprep as a wheel; gives its path."""
    info = f"bertprep-{__version__}.dist-info"
    path = os.path.join(folder, f"bertprep-{__version__}-py3-none-any.whl")
    contents = dict(_modules())
    contents[f"{info}/METADATA"] = _metadata().encode()
    contents[f"{info}/WHEEL"] = _WHEEL.encode()
    contents[f"{info}/entry_points.txt"] = b"[console_scripts]\nbertprep = bertprep.__main__:main\n"
    record = [_recorded(name, content) for name, content in contents.items()]
    contents[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, content in contents.items():
            wheel.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return path


def _modules() -> Iterator[tuple[str, bytes]]:
    """The files of the packages, by their names in the wheel."""
    for package in _PACKAGES:
        found = util.find_spec(package)
        assert found is not None and found.submodule_search_locations
        folder = Path(next(iter(found.submodule_search_locations)))
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{package}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _metadata() -> str:
    lines = ["Metadata-Version: 2.1", "Name: bertprep", f"Version: {__version__}"]
    return "\n".join([*lines, *(f"Requires-Dist: {need}" for need in _needs()), ""])


def _needs() -> list[str]:
    """The requirements of bertprep as installed; none of a checkout that is not."""
    try:
        found = metadata.requires("bertprep") or []
    except metadata.PackageNotFoundError:
        return []
    return [need for need in found if "extra ==" not in need]


def _recorded(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}"
