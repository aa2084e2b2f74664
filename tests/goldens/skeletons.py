"""What each workflow can ask of the engine, read out of the source: commands by function, and what leads to them.

A function's skeleton is its source without all that leads to no command: left are the statements that give one, change
what is written to the read side, or call a function that does; the branches, loops and early ends around them; and the
constants they name. Comments, docstrings, annotations, formatting, the data of entries, and code that only computes
are left out, so that a skeleton changes when the commands may.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
_COMMANDS = frozenset(
    {
        "start_activity", "start_activity_method", "execute_activity", "execute_activity_method",
        "start_local_activity", "start_local_activity_method",
        "execute_local_activity", "execute_local_activity_method",
        "start_child_workflow", "execute_child_workflow", "get_external_workflow_handle", "signal", "cancel",
        "continue_as_new", "sleep", "wait_condition", "upsert_search_attributes", "upsert_memo",
        "patched", "deprecate_patch", "create_task", "gather", "wait", "_change",
    }
)  # fmt: skip
"""Calls that give a command, wait for one, or decide the order in which code goes on; `_change` has a case written."""
_NOT_COMMANDS = {"note": ("data", "at"), "_note": ("data",), "offer_task": ("summary",), "start_activity": ("summary",)}
"""What of a call says nothing about commands, by its name."""
_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_TABLE = "STAGES"
"""The table of stages: what is called out of it may be any of them."""


@dataclass
class Function:
    """One function: `name` as `workflows/case.py Case.perform`, `owner` its class, `calls` what it calls."""

    name: str
    owner: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    module: Module
    calls: set[str] = field(default_factory=set)

    @property
    def called(self) -> str:
        """The name it is called by: a class by its own."""
        return self.owner if self.node.name == "__init__" else self.node.name


@dataclass
class Module:
    """One file: its functions, its constants, the files it imports."""

    path: str
    functions: list[Function] = field(default_factory=list)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    workflows: dict[str, str] = field(default_factory=dict)
    """Names of workflows by their classes."""
    imports: set[str] = field(default_factory=set)


def sources() -> dict[str, str]:
    """Returns the source of every file of the package, by its path."""
    files = sorted((ROOT / "workflows").rglob("*.py"))
    return {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files}


def skeletons(source: Mapping[str, str], touching: str = "") -> dict[str, dict[str, str]]:
    """Returns by workflow, by function, the skeleton of every function with which it can come to a command.

    `touching` leaves out the workflows that a file is no part of.
    """
    modules = {path: _module(path, text, source.keys()) for path, text in source.items()}
    found = {}
    for module in modules.values():
        for owner, name in module.workflows.items():
            reached = [modules[path] for path in _imported(module.path, modules)]
            if touching and touching not in {one.path for one in reached}:
                continue
            functions = [
                function
                for one in reached
                for function in one.functions
                if function.owner == owner or function.owner not in one.workflows
            ]
            leading = _Leading(functions)
            told = {one.name: leading.skeleton(one) for one in functions if id(one) in leading.found}
            told |= {one.name: _whole(one) for one in functions if id(one) in leading.deciding - leading.found}
            found[name] = dict(sorted(told.items()))
    return dict(sorted(found.items()))


def _module(path: str, text: str, known: Iterable[str]) -> Module:
    module, tree, known = Module(path), ast.parse(text), set(known)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
            places = {place for name in names for place in (f"{name}.py", f"{name}.__init__.py")}
            module.imports |= {_path(place) for place in places} & known
        elif isinstance(node, _FUNCTIONS):
            module.functions.append(Function(f"{path} {node.name}", "", node, module))
        elif isinstance(node, ast.ClassDef):
            if name := _workflow_name(node):
                module.workflows[node.name] = name
            named = [one for one in node.body if isinstance(one, _FUNCTIONS)]
            module.functions += [Function(f"{path} {node.name}.{one.name}", node.name, one, module) for one in named]
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            module.constants |= {one.id: node.value for one in targets if isinstance(one, ast.Name)}
    return module


def _path(dotted: str) -> str:
    return dotted.removesuffix(".py").replace(".", "/") + ".py"


def _imported(path: str, modules: Mapping[str, Module]) -> list[str]:
    """A file and all that it imports, however far down; imports for the type checker alone do not count."""
    reached: dict[str, None] = {}
    waiting = [path]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached[one] = None
            waiting += modules[one].imports
    return sorted(reached)


def _workflow_name(node: ast.ClassDef) -> str | None:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "workflow.defn":
            given = [one.value for one in decorator.keywords if one.arg == "name"]
            return str(ast.literal_eval(given[0])) if given else node.name
    return None


def _tests_of(node: ast.AST, within: ast.AST) -> list[ast.AST]:
    """What a piece of code asks before it goes on: conditions, and functions within, which are waited for."""
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return [node.test]
    if isinstance(node, ast.Lambda):
        return [node.body]
    return [node] if isinstance(node, _FUNCTIONS) and node is not within else []


def _asked_for(functions: Iterable[ast.AST]) -> set[str]:
    """What the conditions of functions ask for: attributes, and functions that are called."""
    tests = (test for function in functions for one in ast.walk(function) for test in _tests_of(one, function))
    asked: set[str] = set()
    for one in (inner for test in tests for inner in ast.walk(test)):
        if isinstance(one, ast.Attribute):
            asked.add(one.attr)
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
            asked.add(one.func.id)
    return asked


def _sets(node: ast.AST, attributes: set[str], names: set[str]) -> bool:
    """True for an assignment to one of these attributes or names."""
    if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    flat = [one for target in targets for one in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return any(
        one.attr in attributes if isinstance(one, ast.Attribute) else isinstance(one, ast.Name) and one.id in names
        for one in flat
    )


def _whole(function: Function) -> str:
    """A function that decides: all of it but its docstring."""
    body = [
        one for one in function.node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
    ]
    lines = [f"    {line}" for one in body for line in _plain(one).splitlines()]
    return "\n".join([f"def {function.node.name}({_arguments(function.node.args)}):", *(lines or ["    pass"])])


class _Leading:
    """Which functions of a workflow lead to a command, and their skeletons."""

    def __init__(self, functions: list[Function]) -> None:
        self._own = {(one.module.path, one.owner, one.node.name): one for one in functions}
        self._names: dict[int, set[str]] = {}
        self._calls: dict[int, list[tuple[str, str]]] = {}
        self._public: dict[str, list[Function]] = {}
        for one in functions:
            self._public.setdefault(one.called, []).append(one)
        self.found: set[int] = set()
        self._deciding: set[str] = set()
        self._spread(functions)
        self._deciding = _asked_for(one.node for one in functions if id(one) in self.found)
        self.deciding = {id(one) for one in functions if one.node.name in self._deciding} - self.found
        self._deciding |= _asked_for(one.node for one in functions if id(one) in self.deciding)
        self._spread(functions)

    def _spread(self, functions: Iterable[Function]) -> None:
        while more := [one for one in functions if id(one) not in self.found and self._leads(one.node, one, own=False)]:
            self.found |= {id(one) for one in more}

    def _leads(self, node: ast.AST, within: Function, *, own: bool = True) -> bool:
        if any(self._is_leading(name, of, within) for name, of in self._called(node)):
            return True
        if not self._deciding:
            return False
        names = self._names_asked(within) if own else set()
        return any(_sets(one, self._deciding, names) for one in ast.walk(node))

    def _names_asked(self, within: Function) -> set[str]:
        """The names of a function that its own conditions ask for."""
        if (known := self._names.get(id(within))) is None:
            tests = [inner for one in ast.walk(within.node) for inner in _tests_of(one, within.node)]
            known = {one.id for test in tests for one in ast.walk(test) if isinstance(one, ast.Name)}
            self._names[id(within)] = known
        return known

    def _called(self, node: ast.AST) -> list[tuple[str, str]]:
        """What is called in a piece of code: names, and what they are of (`self`, another thing, nothing)."""
        if (known := self._calls.get(id(node))) is None:
            known = [_name_of(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)]
            self._calls[id(node)] = known
        return known

    def _is_leading(self, name: str, of: str, within: Function) -> bool:
        if name in _COMMANDS or name == _TABLE:
            return True
        owner = within.owner if of == "self" else ""
        own = self._own.get((within.module.path, owner, name)) if of in ("", "self") else None
        if own is not None:
            return id(own) in self.found
        return not name.startswith("_") and any(id(one) in self.found for one in self._public.get(name, ()))

    def skeleton(self, function: Function) -> str:
        """Returns what of a function leads to commands."""
        body = list(self._lines(function.node.body, function, "    "))
        lines = [f"def {function.node.name}({_arguments(function.node.args)}):", *(body or ["    pass"])]
        constants = function.module.constants
        named = {one.id for one in ast.walk(ast.parse("\n".join(lines))) if isinstance(one, ast.Name)}
        told = sorted(name for name in named & constants.keys() if name.isupper() and name != _TABLE)
        return "\n".join([*lines, *(f"{name} = {ast.unparse(constants[name])}" for name in told)])

    def _lines(self, body: Iterable[ast.stmt], within: Function, indent: str) -> Iterator[str]:
        for node in body:
            if isinstance(node, _FUNCTIONS):
                if inner := list(self._lines(node.body, within, f"{indent}    ")):
                    yield f"{indent}def {node.name}({_arguments(node.args)}):"
                    yield from inner
            elif isinstance(node, _BLOCKS):
                if any(isinstance(one, _ENDS) for one in ast.walk(node)) or self._leads(node, within):
                    yield from self._block(node, within, indent)
            elif isinstance(node, _ENDS) or self._leads(node, within):
                yield f"{indent}{_plain(node)}"

    def _block(self, node: ast.stmt, within: Function, indent: str) -> Iterator[str]:
        """The head of a branch, loop or `with`, and what in it matters."""
        if isinstance(node, ast.Match):
            yield f"{indent}match {_plain(node.subject)}:"
            indent += "    "
        for number, (head, body) in enumerate(_parts(node)):
            inner = list(self._lines(body, within, f"{indent}    "))
            if inner or number == 0 or head.startswith(("except", "case", "finally")):
                yield f"{indent}{head}"
                yield from inner or [f"{indent}    pass"]


def _name_of(called: ast.expr) -> tuple[str, str]:
    if isinstance(called, ast.Attribute):
        return called.attr, called.value.id if isinstance(called.value, ast.Name) else "another"
    if isinstance(called, ast.Subscript) and isinstance(called.value, ast.Name):
        return called.value.id, ""
    return (called.id, "") if isinstance(called, ast.Name) else ("", "")


def _parts(node: ast.stmt) -> list[tuple[str, list[ast.stmt]]]:
    """The heads of a block, each with its body."""
    if isinstance(node, ast.Match):
        guards = [f" if {_plain(one.guard)}" if one.guard else "" for one in node.cases]
        return [
            (f"case {ast.unparse(one.pattern)}{guard}:", one.body)
            for one, guard in zip(node.cases, guards, strict=True)
        ]
    if isinstance(node, ast.Try):
        handlers = [(f"except {_plain(one.type)}:" if one.type else "except:", one.body) for one in node.handlers]
        ends = [("else:", node.orelse), ("finally:", node.finalbody)]
        return [("try:", node.body), *handlers, *((head, body) for head, body in ends if body)]
    body: list[ast.stmt] = getattr(node, "body", [])
    otherwise: list[ast.stmt] = getattr(node, "orelse", [])
    head = _plain(node).partition("\n")[0]
    return [(head, body), *([("else:", otherwise)] if otherwise else [])]


def _arguments(arguments: ast.arguments) -> str:
    for one in ast.walk(arguments):
        if isinstance(one, ast.arg):
            one.annotation = None
    return ast.unparse(arguments)


class _SameEverywhere(ast.NodeTransformer):
    """Writes texts with values in them as the calls `text(...)`: versions of Python quote them differently."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        values = [one.value if isinstance(one, ast.FormattedValue) else one for one in node.values]
        return ast.Call(ast.Name("text"), [self.visit(one) for one in values], [])


def _plain(node: ast.AST) -> str:
    """Returns source without what says nothing about commands."""
    node = _SameEverywhere().visit(node)
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute | ast.Name):
            name = one.func.attr if isinstance(one.func, ast.Attribute) else one.func.id
            one.keywords = [given for given in one.keywords if given.arg not in _NOT_COMMANDS.get(name, ())]
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return f"{ast.unparse(node.target)} = {ast.unparse(node.value)}"
    return ast.unparse(node)
