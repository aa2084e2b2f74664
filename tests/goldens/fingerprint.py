"""Says when a change of workflows needs a patch: `python -m tests.goldens.fingerprint [accept REASON]`.

`fingerprints.toml` holds what each workflow can ask of the engine (`skeletons.py`) as it was last accepted. A change is
named with its function and shown; it is accepted with a reason, which stays in the file.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.version import code_version
from tests.goldens.skeletons import skeletons, sources

FILE = Path(__file__).with_name("fingerprints.toml")
Skeletons = Mapping[str, Mapping[str, str]]
ADVICE = """\
A case that is open and has passed such a place replays it when a worker wakes it, and would stand still.
- Other commands on a way that open cases may have gone: put the new one behind `workflow.patched("name")` and keep the
  old one as its other branch; keep a history recorded before in tests/goldens (docs/upgrading.md shows it).
- The same commands, written otherwise, or a way that no open case can have gone: say so.
Then: python -m tests.goldens.fingerprint accept "why open cases go on"
"""


@dataclass(frozen=True)
class Change:
    """A function of a workflow whose commands are others than those accepted."""

    workflow: str
    function: str
    then: str
    now: str

    def told(self) -> str:
        """The change as a person reads it."""
        what = "is new" if not self.then else "is gone" if not self.now else "asks for other things"
        lines = difflib.unified_diff(self.then.splitlines(), self.now.splitlines(), "accepted", "now", lineterm="", n=2)
        shown = [f"    {line}" for line in list(lines)[2:]]
        return "\n".join([f"{self.workflow}: {self.function} {what}", *shown])


def fingerprint(functions: Mapping[str, str]) -> str:
    """Returns one hash over all functions of a workflow."""
    canonical = json.dumps(functions, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def accepted(file: Path = FILE) -> dict[str, Any]:
    """Returns the file: `accepted` with its reasons, `workflows` with their functions."""
    return tomllib.loads(file.read_text("utf-8")) if file.exists() else {"accepted": [], "workflows": {}}


def changes(then: Skeletons, now: Skeletons) -> list[Change]:
    """Returns every function whose commands changed, in order."""
    return [
        Change(workflow, function, before.get(function, ""), after.get(function, ""))
        for workflow in sorted({*then, *now})
        for before, after in [(then.get(workflow, {}), now.get(workflow, {}))]
        for function in sorted({*before, *after})
        if before.get(function) != after.get(function)
    ]


def skeletons_in(read: Mapping[str, Any]) -> Skeletons:
    """Returns what was accepted."""
    return {name: one["functions"] for name, one in read["workflows"].items()}


def as_toml(reasons: list[Mapping[str, Any]], now: Skeletons) -> str:
    """Returns the file's text."""
    lines = [
        "# What each workflow can ask of the engine; written by `python -m tests.goldens.fingerprint accept REASON`."
    ]
    for one in reasons:
        lines += [
            "",
            "[[accepted]]",
            *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in one.items()),
        ]
    for workflow, functions in now.items():
        lines += ["", f"[workflows.{workflow}]", f'fingerprint = "{fingerprint(functions)}"']
        lines += ["", f"[workflows.{workflow}.functions]"]
        lines += [f"{json.dumps(name)} = '''\n{text}'''" for name, text in functions.items()]
    return "\n".join(lines) + "\n"


def accept(reason: str, file: Path = FILE) -> list[Change]:
    """Writes the file anew with the reason; returns what was accepted."""
    read, now = accepted(file), skeletons(sources())
    found = changes(skeletons_in(read), now)
    if found:
        reasons: list[Mapping[str, Any]] = list(read.get("accepted", []))
        named = sorted({one.function for one in found})
        shown = named if len(named) <= _MOST_NAMED else [f"{len(named)} functions"]
        reasons.append({"version": code_version(), "reason": reason, "functions": shown})
        file.write_text(as_toml(reasons, now), "utf-8")
    return found


_MOST_NAMED = 20


def main(arguments: list[str]) -> int:
    """Checks, or accepts with a reason."""
    match arguments:
        case []:
            found = changes(skeletons_in(accepted()), skeletons(sources()))
            print("\n".join(one.told() for one in found) or "the commands of every workflow are as accepted")  # noqa: T201
            if found:
                print(f"\n{ADVICE}", file=sys.stderr)  # noqa: T201
            return int(bool(found))
        case ["accept", reason] if reason.strip():
            print(f"{len(accept(reason))} functions accepted")  # noqa: T201
            return 0
        case _:
            print(__doc__, file=sys.stderr)  # noqa: T201
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
