"""Which Python gives the same view? The bodies of the functions that ran, below the values.

What is shown is what runs: a function is read when a panel is declared, and refused where its body
could not stand by itself, or is no longer the one that was imported.
"""

import ast
import builtins
import dis
import inspect
import io
import math
import re
import textwrap
import tokenize
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import CodeType, ModuleType
from typing import Any

from workbench import errors
from workbench.words import Words

# What the code shown takes for itself: these imports, and the names of its results.
_OWN = {"words": "from workbench import words", "datetime": "import datetime"}
RESERVED = (*_OWN, "figure", "listed")
_WEIGHTY = ("BINARY", "COMPARE", "CONTAINS", "IS_OP", "UNARY", "LOAD_SMALL")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda,
           ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A function as its body is shown: ``return x`` has become ``<its name> = x``."""

    name: str
    body: str
    arguments: Mapping[str, Any]
    variables: frozenset[str]
    #: What it takes from its module, and the import that gives it; of Python's own, none.
    taken: Mapping[str, str]


def called(function: Callable[..., Any]) -> str:
    """Call a function by its name, in a message."""
    return f"'{getattr(function, '__name__', type(function).__name__)}'"


def arguments(function: Callable[..., Any]) -> dict[str, Any]:
    """Give the arguments of a function, with their defaults."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise _refused(function, f"is no plain function, but a {type(function).__name__}") from None
    return {parameter.name: parameter.default for parameter in parameters}


def plain(function: Callable[..., Any]) -> CodeType:
    """Give the code of a function that stands at the top of a module; refuse any other."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or inspect.ismethod(function):
        raise _refused(function, f"is no plain function, but a {type(function).__name__}")
    if function.__name__ == "<lambda>" or "<locals>" in function.__qualname__:
        raise _refused(function, "is a lambda, or stands inside another function")
    if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS | inspect.CO_GENERATOR):
        raise _refused(function, "takes arguments without a name, or gives its result bit by bit")
    return code


def taken(function: Callable[..., Any]) -> set[str]:
    """Which names does a function take from its module? One that is not there is refused."""
    function = inspect.unwrap(function)
    names = {
        step.argval
        for part in _nested(getattr(function, "__code__", None))
        for step in dis.get_instructions(part)
        if step.opname == "LOAD_GLOBAL"
    }
    for name in sorted(names):
        if name not in function.__globals__ and not hasattr(builtins, name):
            raise _refused(
                function, f"names '{name}', which its module does not have",
                f"{errors.did_you_mean(name, function.__globals__)}Import it, or correct the name.",
            )  # fmt: skip
    return names


def read(function: Callable[..., Any]) -> Piece:
    """Read a function as it will be shown.

    Raises
    ------
    ParameterError
        It is a lambda, a closure, a method, a partial or wrapped function; it has no source, or
        another one than when it was imported; its body cannot stand by itself, or names what its
        module does not have.
    """
    code = plain(function)
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        raise _refused(function, "has no source that could be shown") from None
    node = _parsed(function, text, code)
    return Piece(
        function.__name__,
        _body(function, node, text),
        arguments(function),
        frozenset(name for part in _outer(node.body) for name in _assigned(part)),
        {name: _import_of(name, function) for name in taken(function)},
    )


def _refused(
    function: Callable[..., Any],
    why: str,
    mend: str = "A panel shows the bodies of its functions: write it with def at the top of a "
    "module, its statements in lines of their own, with one return, at the end.",
) -> errors.ParameterError:
    return errors.ParameterError(f"The panel's function {called(function)} {why}.", mend=mend)


def _parsed(function: Callable[..., Any], text: str, running: CodeType) -> ast.FunctionDef:
    """Give the syntax of a function, if its source is that of the code that runs."""
    try:
        node, whole = ast.parse(text).body[0], compile(text, "<source>", "exec")
        written = [_substance(part) for part in whole.co_consts if isinstance(part, CodeType)]
    except (SyntaxError, IndexError):
        node, written = ast.Pass(), []
    if not isinstance(node, ast.FunctionDef) or _substance(running) not in written:
        raise errors.ParameterError(
            f"The panel's function {called(function)}: its file was changed after the import.",
            mend="Start the kernel anew, so that what is shown is what runs.",
        )
    return node


def _nested(code: object) -> Iterator[CodeType]:
    """Give a code and those inside it; of what is no code, nothing."""
    if isinstance(code, CodeType):
        yield code
        for constant in code.co_consts:
            yield from _nested(constant)


def _substance(code: CodeType) -> list[Any]:
    """Give what makes a function what it is: its names, variables, constants and operators.

    Not its bytecode, of which equal sources may get different ones.
    """
    facts: list[Any] = []
    for part in _nested(code):
        constants = [value for value in part.co_consts if not isinstance(value, CodeType)]
        sets = [sorted(map(repr, value)) for value in constants if isinstance(value, frozenset)]
        others = [repr(value) for value in constants if not isinstance(value, frozenset)]
        steps = [step for step in dis.get_instructions(part) if step.opname.startswith(_WEIGHTY)]
        operators = [(step.opname, step.argrepr) for step in steps]
        facts.append((part.co_names, part.co_varnames, sets, others, operators))
    return facts


def _body(function: Callable[..., Any], node: ast.FunctionDef, text: str) -> str:
    """Give the lines of a body as they stand by themselves, without annotations."""
    lines, first, last = text.encode().splitlines(), node.body[0], node.body[-1]
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    ends = (token.end[0] for token in tokens if token.type == tokenize.NEWLINE)
    head = next(end for end in ends if end >= node.lineno)
    # comments before the first statement are shown too, the docstring is not
    start = head if ast.get_docstring(node) is None else first.end_lineno or head
    if first.lineno <= head or any(token.end[0] > token.start[0] > start for token in tokens):
        raise _refused(function, "stands in one line, or has a text over several")
    parts = list(_outer(node.body))
    returns = [part for part in parts if isinstance(part, ast.Return)]
    if not isinstance(last, ast.Return) or last.value is None or returns != [last]:
        raise _refused(function, "does not end in its one return")
    edits = [(last.lineno, last.col_offset, last.col_offset + 6, f"{function.__name__} =")]
    for part in parts:
        if isinstance(part, ast.AnnAssign):
            if part.value is None or part.annotation.end_lineno != part.lineno:
                raise _refused(function, "declares a variable apart from its value")
            begin, end = part.target.end_col_offset or 0, part.annotation.end_col_offset or 0
            edits.append((part.lineno, begin, end, ""))
    for number, begin, end, written in edits:
        line = lines[number - 1]
        lines[number - 1] = line[:begin] + written.encode() + line[end:]
    # what is aligned with the bracket behind "return" moves with it
    moved, aligned = len(function.__name__) + 2 - len("return"), last.col_offset + 5
    for number in range(last.lineno, last.end_lineno or 0):
        if lines[number].startswith(b" " * aligned):
            lines[number] = b" " * moved + lines[number][max(0, -moved) :]
    body = re.sub(
        "  # fmt: skip$", "", b"\n".join(lines[start : last.end_lineno]).decode(), flags=re.M
    )
    return textwrap.dedent(body).strip("\n")


def _outer(nodes: Collection[ast.AST]) -> Iterator[ast.AST]:
    """Go through a body, and into no scope of its own: that of a function, or a comprehension."""
    for node in nodes:
        yield node
        if not isinstance(node, _SCOPES):
            yield from _outer([*ast.iter_child_nodes(node)])


def _assigned(node: ast.AST) -> Iterator[str]:
    """Which name does a part of a body give to a variable?"""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(named := getattr(node, "name", None), str):
        yield named


def _import_of(name: str, function: Callable[..., Any]) -> str:
    if name not in function.__globals__:
        return ""
    value = function.__globals__[name]
    if not isinstance(value, ModuleType):
        return f"from {function.__module__} import {name}"
    home, _, last = value.__name__.rpartition(".")
    named = last if last == name else f"{last} as {name}"
    return f"from {home} import {named}" if home else f"import {named}"


def check(pieces: Collection[Piece], names: Collection[str]) -> None:
    """Refuse bodies that would get in each other's way, one below the other.

    Raises
    ------
    ParameterError
        A name means one thing in one body, and another in the panel or in another body.
    """
    origins, defaults = dict(_OWN), dict[str, Any]()
    clashes = []
    for piece in pieces:
        for name, origin in piece.taken.items():
            if name in names or origins.setdefault(name, origin) != origin:
                clashes.append(f"'{piece.name}' takes '{name}' from its module, another one")
        for name, default in piece.arguments.items():
            if name not in names and defaults.setdefault(name, default) != default:
                clashes.append(f"'{piece.name}' has another default of '{name}'")
    for piece in pieces:
        for name in sorted(piece.variables - {piece.name}):
            if name in names or name in origins or name in defaults:
                clashes.append(f"'{piece.name}' has a variable '{name}' of its own, another one")
    for clash in clashes:
        raise errors.ParameterError(
            f"The panel's function {clash} than the panel or a function before it.",
            mend="The bodies are shown one below the other: give it another name there.",
        )


def written(
    pieces: Sequence[Piece], values: Mapping[str, Any], words: Words, view: str, listed: str
) -> str:
    """Write the bodies that ran, below what they are given and the imports they need."""
    made = {piece.name for piece in pieces}
    literals = {
        name: _literal(values.get(name, default))
        for piece in pieces
        for name, default in piece.arguments.items()
        if name not in made
    }
    assigned = [f"{name} = {text}" for name, text in literals.items() if text]
    if given := ", ".join(name for name, text in literals.items() if not text):
        assigned.insert(0, words("panel.given", names=given))
    needed = {line for piece in pieces for line in piece.taken.values() if line} | {_OWN["words"]}
    if any("datetime.date(" in line for line in assigned):
        needed.add(_OWN["datetime"])
    money = f", currency={words.currency!r}" if words.currency else ""
    parts = [
        _imports(needed),
        f"words.speak({words.lang!r}{money})",
        "\n".join(assigned),
        *(piece.body for piece in pieces),
        f"figure = {view}.figure()\nlisted = {listed}",
    ]
    return "\n\n".join(part for part in parts if part)


def _imports(lines: Collection[str]) -> str:
    """Write imports as people do: one line for each module."""
    together = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.startswith("from"), line)):
        module, _, name = line.partition(" import ")
        together[module].append(name)
    return "\n".join(
        f"{module} import {', '.join(names)}" if names[0] else module
        for module, names in together.items()
    )


def _literal(value: Any) -> str:
    """Write a value as Python; empty where it is nothing that could be written."""
    if type(value) in (tuple, list, dict):
        parts = [*value.items()] if isinstance(value, dict) else value
        return repr(value) if all(map(_literal, parts)) else ""
    is_plain = value is None or type(value) in (bool, int, float, str, date)
    return repr(value) if is_plain and value not in (math.inf, -math.inf) and value == value else ""
