"""Scripts outside the package (bench/, tools/) as modules, for tests of what they work out."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def script(path: str) -> ModuleType:
    """The module of a script, by its path in the repository. It finds its neighbours, as when it is run."""
    file = Path(__file__).parent.parent / path
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
