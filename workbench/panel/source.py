"""Which Python gives the same view? The bodies of the functions that ran, below the values.

What is shown is what runs: a function is read when a panel is declared, and refused where its body
could not stand by itself, or is no longer the one that was imported.
"""

import ast
import dis
import inspect
import io
import math
import textwrap
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import CodeType, ModuleType
from typing import Any, TypeVar

from workbench import errors
from workbench.words import Words

#: What the code itself calls its results and the module that speaks.
RESERVED = ("words", "figure", "listed", "datetime")
_OWN = {"words": "from workbench import words", "datetime": "import datetime"}
_MEND = "A panel shows the bodies of its functions: write it with def, at the top of a module."
_ONE_END = "Let it end in one return, or in an if of which every branch does."
_WEIGHTY = ("BINARY", "COMPARE", "CONTAINS", "IS_OP", "UNARY", "LOAD_SMALL")
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class Piece:
    """A function as its body is shown: ``return x`` has become ``<its name> = x``."""

    name: str
    body: str
    arguments: Mapping[str, Any]
    variables: frozenset[str]
    #: What it takes from its module or from Python, and the import that gives it.
    taken: Mapping[str, str]


def called(function: Callable[..., Any]) -> str:
    """Call a function by its name, in a message."""
    return f"'{getattr(function, '__name__', type(function).__name__)}'"


def arguments(function: Callable[..., Any]) -> dict[str, Any]:
    """Give the arguments of a function, with their defaults.

    Raises
    ------
    ParameterError
        One of them cannot be given by its name.
    """
    asked = inspect.signature(function).parameters.values()
    for one in asked:
        if one.kind not in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY):
            raise errors.ParameterError(
                f"{called(function)} takes '{one}'.",
                mend="A panel's function names each of its arguments.",
            )
    return {one.name: one.default for one in asked}


def read(function: Callable[..., Any]) -> Piece:
    """Read a function as it will be shown.

    Raises
    ------
    ParameterError
        It is a lambda, a closure, a method, a partial or wrapped function; it has no source, or
        another one than when it was imported; its body cannot stand by itself.
    """
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or inspect.ismethod(function):
        raise _refused(function, f"is no plain function, but a {type(function).__name__}")
    if function.__name__ == "<lambda>":
        raise _refused(function, "has no name")
    if code.co_freevars or "<locals>" in function.__qualname__:
        raise _refused(function, "stands inside another function")
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        raise _refused(function, "gives its result bit by bit")
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        raise _refused(function, "has no source that could be shown") from None
    node = _parsed(function, text, code)
    taken = {
        step.argval
        for part in _nested(code)
        for step in dis.get_instructions(part)
        if step.opname == "LOAD_GLOBAL"
    }
    return Piece(
        name=function.__name__,
        body=_Body(function, node, text).written(),
        arguments=arguments(function),
        variables=frozenset(_assigned(node.body)),
        taken={name: _import_of(name, function) for name in taken},
    )


def _refused(function: Callable[..., Any], why: str, mend: str = _MEND) -> errors.ParameterError:
    return errors.ParameterError(f"The panel's function {called(function)} {why}.", mend=mend)


def _parsed(function: Callable[..., Any], text: str, running: CodeType) -> ast.FunctionDef:
    """Give the syntax of a function, if its source is that of the code that runs."""
    try:
        node = ast.parse(text).body[0]
        whole = compile(text, "<source>", "exec")
    except (SyntaxError, IndexError):
        node, whole = ast.Pass(), running
    found = [one for one in whole.co_consts if isinstance(one, CodeType)]
    same = any(_substance(one) == _substance(running) for one in found)
    if not isinstance(node, ast.FunctionDef) or not same:
        raise _refused(
            function,
            "does not run as its file stands: the file was changed after the import",
            "Start the kernel anew, so that what is shown is what runs.",
        )
    return node


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _nested(one)


def _substance(code: CodeType) -> list[Any]:
    """Give what makes a function what it is: names, variables, constants, operators.

    Not its bytecode, of which equal sources may get different ones.
    """
    return [
        (
            part.co_name,
            part.co_names,
            part.co_varnames,
            [
                (type(one), sorted(map(repr, one)) if isinstance(one, frozenset) else repr(one))
                for one in part.co_consts
                if not isinstance(one, CodeType)
            ],
            [
                (step.opname, step.argrepr)
                for step in dis.get_instructions(part)
                if step.opname.startswith(_WEIGHTY)
            ],
        )
        for part in _nested(code)
    ]


def _assigned(nodes: Collection[ast.AST]) -> Iterator[str]:
    """Which names does a body give to variables of its own? Not what an inner scope does."""
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, _INNER):
            yield from [node.name] if hasattr(node, "name") else []
            continue
        elif isinstance(node, _COMPREHENSIONS):
            continue
        elif getattr(node, "name", None) and isinstance(node, ast.ExceptHandler | ast.MatchAs):
            yield str(node.name)
        yield from _assigned([*ast.iter_child_nodes(node)])


def _import_of(name: str, function: Callable[..., Any]) -> str:
    """Which import gives a name of a body? None for Python's own."""
    if name not in function.__globals__:
        return ""
    value = function.__globals__[name]
    if not isinstance(value, ModuleType):
        return f"from {function.__module__} import {name}"
    home, _, last = value.__name__.rpartition(".")
    named = last if last == name else f"{last} as {name}"
    return f"from {home} import {named}" if home else f"import {named}"


class _Body:
    """The lines of a body, on their way to stand by themselves."""

    def __init__(self, function: Callable[..., Any], node: ast.FunctionDef, text: str) -> None:
        self._function, self._lines = function, text.encode().splitlines()
        self._statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
        self._shift: Counter[int] = Counter()
        self._else: dict[int, ast.If] = {}
        self._first = 1 + (
            node.body[0].end_lineno or 0
            if len(self._statements) < len(node.body)
            else node.body[0].lineno - 1
        )
        start = node.body[0]
        if self._lines[start.lineno - 1].decode()[: start.col_offset].strip():
            raise _refused(function, "stands in one line", "Write its body below its name.")
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.start[0] >= self._first and token.start[0] != token.end[0]:
                raise _refused(function, "has a text over several lines", "Write it in one line.")

    def written(self) -> str:
        """Give the text: the result under the function's name, no annotations."""
        if not self._ends(self._statements):
            raise _refused(self._function, "does not always return something", _ONE_END)
        for annotated in self._within(self._statements, ast.AnnAssign):
            target, annotation = annotated.target, annotated.annotation
            if annotated.value is None or annotation.end_lineno != target.lineno:
                raise _refused(self._function, "declares a variable", "Give it its value at once.")
            start, end = target.end_col_offset or 0, annotation.end_col_offset or 0
            self._replace(annotated.lineno, start, end, b"")
        written = []
        for number in range(self._first, (self._statements[-1].end_lineno or 0) + 1):
            line = self._lines[number - 1].decode()
            written.append(" " * 4 * self._shift[number] + line if line.strip() else "")
            if (branch := self._else.get(number)) is not None:
                shift = branch.col_offset + 4 * self._shift[branch.lineno]
                written.append(f"{' ' * shift}else:")
        return textwrap.dedent("\n".join(written)).strip("\n")

    def _replace(self, number: int, start: int, end: int, text: bytes) -> None:
        line = self._lines[number - 1]
        self._lines[number - 1] = line[:start] + text + line[end:]

    def _ends(self, statements: Sequence[ast.stmt]) -> bool:
        """Does every way end in a result? Each return on the way becomes an assignment."""
        for place, statement in enumerate(statements, 1):
            rest = statements[place:]
            if isinstance(statement, ast.Raise) and not rest:
                return True
            if not any(self._within([statement], ast.Return)):
                continue
            if isinstance(statement, ast.Return) and statement.value is not None and not rest:
                name = self._function.__name__.encode()
                start = statement.col_offset
                self._replace(statement.lineno, start, start + len(b"return"), name + b" =")
                return True
            if isinstance(statement, ast.With) and not rest:
                return self._ends(statement.body)
            if isinstance(statement, ast.If):
                return self._branches(statement, rest)
            raise _refused(self._function, "returns on its way", _ONE_END)
        return False

    def _branches(self, statement: ast.If, rest: Sequence[ast.stmt]) -> bool:
        """Let what stands behind an if that returns be its else."""
        chain = [statement]
        while len(chain[-1].orelse) == 1 and isinstance(chain[-1].orelse[0], ast.If):
            chain.append(chain[-1].orelse[0])
        if rest:
            if chain[-1].orelse:
                raise _refused(self._function, "returns on its way", _ONE_END)
            end = statement.end_lineno or 0
            self._else[end] = statement
            for number in range(end + 1, (rest[-1].end_lineno or 0) + 1):
                self._shift[number] += 1
        return all([self._ends(one.body) for one in chain] + [self._ends(rest or chain[-1].orelse)])

    def _within(self, nodes: Sequence[ast.AST], kind: type[Node]) -> Iterator[Node]:
        for node in nodes:
            if isinstance(node, kind):
                yield node
            if not isinstance(node, _INNER):
                yield from self._within([*ast.iter_child_nodes(node)], kind)


def check(pieces: Collection[Piece], names: Collection[str], title: str) -> None:
    """Refuse bodies that would get in each other's way, one below the other.

    Raises
    ------
    ParameterError
        A name means one thing in one body, and another in the panel or in another body.
    """
    imports = dict(_OWN)
    defaults: dict[str, Any] = {}

    def clash(piece: Piece, what: str) -> errors.ParameterError:
        return errors.ParameterError(
            f"Panel '{title}': '{piece.name}' {what}.", mend="Give it another name there."
        )

    for piece in pieces:
        for name, origin in piece.taken.items():
            if name in names:
                raise clash(piece, f"takes '{name}' from its module, and the panel has a '{name}'")
            if imports.setdefault(name, origin) != origin:
                raise clash(piece, f"means another '{name}' than the function before it")
        for name, default in piece.arguments.items():
            if name not in names and defaults.setdefault(name, default) != default:
                raise clash(piece, f"has another '{name}' by default than the function before it")
    for piece in pieces:
        for name in sorted(piece.variables - {piece.name}):
            if name in names or name in defaults:
                raise clash(piece, f"has a variable '{name}', a name of the panel")
            if name in imports:
                raise clash(piece, f"has a variable '{name}', which a function takes from a module")


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
    assigned = [f"{name} = {text}" for name, text in literals.items() if text is not None]
    if left := ", ".join(name for name, text in literals.items() if text is None):
        assigned.insert(0, f"# as the panel was given them: {left}")
    needed = {line for piece in pieces for line in piece.taken.values()} | {_OWN["words"]}
    if any("datetime.date(" in line for line in assigned):
        needed.add(_OWN["datetime"])
    money = f", currency={words.currency!r}" if words.currency else ""
    return "\n\n".join(
        [
            _imports(needed - {""}),
            f"words.speak({words.lang!r}{money})",
            *(["\n".join(assigned)] if assigned else []),
            *(piece.body for piece in pieces),
            f"figure = {view}.figure()\nlisted = {listed}",
        ]
    )


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


def _literal(value: Any) -> str | None:
    """Write a value as Python; None where it is nothing that could be written."""
    if type(value) in (tuple, list, dict):
        parts = [*value.items()] if isinstance(value, dict) else [*value]
        whole = all(_literal(part) is not None for part in parts)
        return repr(value) if whole else None
    plain = value is None or type(value) in (bool, int, float, str, date)
    plain = plain and not (isinstance(value, float) and not math.isfinite(value))
    return repr(value) if plain else None
