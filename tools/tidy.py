"""Check what linters do not: the shape of the house, as CONTRIBUTING.md describes it.

python3 tools/tidy.py [ROOT]

Prints one line a problem, `path:line: what is wrong`, and exits with 1 if there are any.
Standard library only. Each check takes a `Checkout` and yields problems; `CHECKS` lists them all.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
CODE_FOLDERS = ("src", "tests", "tools", "examples", "benchmarks", "compat")
TEXT_SUFFIXES = {".py", ".md", ".toml", ".sh", ".ps1", ".service", ".yml", ".yaml", ""}
PACKAGE = Path("src/isocenter")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
GENERATED = re.compile(r"\bgenerated\b.*\bdo not edit\b", re.IGNORECASE)
# Put together here so that this file does not hold them.
BANNED_WORDS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
# Folders whose modules may import inside functions, and the two modules with `__getattr__`.
LAZY_DOORS = (PACKAGE / "cli", PACKAGE / "__init__.py", PACKAGE / "client" / "__init__.py")
# These may call importlib.import_module: the doors, the table of actions, and the child process
# that loads the functions which the worker's table names.
RESOLVERS = (
    *LAZY_DOORS,
    PACKAGE / "services" / "actions.py",
    PACKAGE / "jobs" / "worker_child.py",
)
# Alembic finds these by reading the folder; tests/store/test_tables.py runs all of them.
MIGRATIONS = PACKAGE / "store" / "migrations"
# Calls that reach a path or a clock, by the last name of what is called.
IMPURE_CALLS = {"open", "now", "utcnow", "today"}
TREE_LINE = re.compile(r"^(?P<indent> *)(?P<name>[\w.]+/?)(?:\s{2,}(?P<caption>\S.*))?$")

Problems = Iterator[str]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path relative to the root, its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def is_generated(self) -> bool:
        """Whether one of the first five lines says `generated, do not edit`."""
        return any(GENERATED.search(line) for line in self.text.splitlines()[:5])

    @property
    def is_package(self) -> bool:
        """Whether this is an `__init__.py`."""
        return self.path.name == "__init__.py"

    @property
    def is_source(self) -> bool:
        """Whether it belongs to the package itself."""
        return self.path.is_relative_to(PACKAGE)

    @property
    def dotted(self) -> str:
        """The name that imports it, for example `isocenter.dicom.merge`."""
        parts = self.path.relative_to("src").with_suffix("").parts
        return ".".join(parts[:-1] if self.is_package else parts)

    def at(self, node: ast.AST, message: str) -> str:
        """Return the problem with its place."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {message}"


@dataclass(frozen=True, slots=True)
class Checkout:
    """The files of the repository that the checks look at."""

    root: Path
    modules: tuple[Module, ...]

    @property
    def sources(self) -> Iterator[Module]:
        """The modules of the package."""
        return (module for module in self.modules if module.is_source)

    def read(self, name: str) -> str:
        """Return the text of a file, empty where it is missing."""
        path = self.root / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""


def read_checkout(root: Path) -> Checkout:
    """Return every Python file of the folders that hold code, parsed."""
    modules = []
    for folder in CODE_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            modules.append(Module(path.relative_to(root), text, ast.parse(text, str(path))))
    return Checkout(root, tuple(modules))


def check_file_length(checkout: Checkout) -> Problems:
    """Keep files under the wall; generated ones are as long as they are."""
    for module in checkout.modules:
        lines = len(module.text.splitlines())
        if lines > FILE_LINES_MAX and not module.is_generated:
            yield f"{module.path}:1: {lines} lines, the wall is {FILE_LINES_MAX}"


def check_function_length(checkout: Checkout) -> Problems:
    """Keep bodies of functions short; the docstring is not counted."""
    for module in checkout.modules:
        for node in functions(module.tree):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if not body:
                continue
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield module.at(
                    node, f"{node.name} has {lines} lines, the wall is {FUNCTION_LINES_MAX}"
                )


def check_docstrings(checkout: Checkout) -> Problems:
    """Demand a docstring at the beginning of each module of the package."""
    for module in checkout.sources:
        if ast.get_docstring(module.tree) is None:
            yield f"{module.path}:1: no docstring"


def check_mirror(checkout: Checkout) -> Problems:
    """Demand a test file for each module of the package, found by path."""
    tests = {module.path for module in checkout.modules}
    for module in checkout.sources:
        if module.is_package or module.is_generated or module.path.parent == MIGRATIONS:
            continue
        inside = module.path.relative_to(PACKAGE)
        expected = Path("tests") / inside.with_name(f"test_{inside.name}")
        if expected not in tests:
            yield f"{module.path}:1: no test file {expected}"


def check_dead_modules(checkout: Checkout) -> Problems:
    """Find modules that no other imports, no `module:function` string and no script names."""
    scripts = tomllib.loads(checkout.read("pyproject.toml")).get("project", {}).get("scripts", {})
    used = {target.partition(":")[0] for target in scripts.values()}
    for module in checkout.sources:
        used |= names_used(module) - {module.dotted}
    for module in checkout.sources:
        is_found = module.is_package or module.path.parent == MIGRATIONS
        if not is_found and module.dotted not in used:
            yield f"{module.path}:1: dead module: nothing in the package uses it"


def check_imports(checkout: Checkout) -> Problems:
    """Keep imports at the top, absolute, and without hidden cycles."""
    for module in checkout.sources:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.level > 0:
                yield module.at(node, "relative import")
            if isinstance(node, ast.Name | ast.alias) and "TYPE_CHECKING" in (
                getattr(node, "id", ""),
                getattr(node, "name", ""),
            ):
                yield module.at(node, "a type-checking block hides an import cycle")
            if called_name(node) == "import_module" and not is_below(module.path, RESOLVERS):
                yield module.at(node, "import_module outside the lazy doors")
        if not is_below(module.path, LAZY_DOORS):
            for function in functions(module.tree):
                for inner in ast.walk(function):
                    if isinstance(inner, ast.Import | ast.ImportFrom):
                        yield module.at(inner, f"import inside {function.name}")


def check_purity(checkout: Checkout) -> Problems:
    """Find what opens a path or asks the clock in `dicom/`."""
    for module in checkout.sources:
        if not module.path.is_relative_to(PACKAGE / "dicom"):
            continue
        for node in ast.walk(module.tree):
            name = called_name(node)
            if name in IMPURE_CALLS:
                yield module.at(node, f"{name}() in dicom/, which is pure")


def check_init_files(checkout: Checkout) -> Problems:
    """Keep code out of `__init__.py`; the lazy door is its one function."""
    for module in checkout.sources:
        if not module.is_package:
            continue
        for node in module.tree.body:
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_names = isinstance(node, ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign)
            is_door = isinstance(node, ast.FunctionDef) and node.name in {"__getattr__", "__dir__"}
            if not (is_docstring or is_names or (is_door and module.path in LAZY_DOORS)):
                yield module.at(node, "__init__.py holds names, never code")


def check_file_names(checkout: Checkout) -> Problems:
    """Find files that are not named after the thing that they hold."""
    for module in checkout.modules:
        if module.path.stem.removeprefix("test_") in BANNED_NAMES:
            yield f"{module.path}:1: name the thing"


def check_words(checkout: Checkout) -> Problems:
    """Find notes on what is left to do: they are issues, not comments."""
    folders = (*CODE_FOLDERS, "docs", ".ci")
    found = [path for folder in folders for path in sorted((checkout.root / folder).rglob("*"))]
    for path in [*sorted(checkout.root.glob("*")), *found]:
        if not path.is_file() or path.suffix not in TEXT_SUFFIXES or path.name == "LICENSE":
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        for line_number, line in enumerate(lines, start=1):
            if word := BANNED_WORDS.search(line):
                yield f"{path.relative_to(checkout.root)}:{line_number}: {word[0]}: open an issue"


def check_architecture(checkout: Checkout) -> Problems:
    """Compare ARCHITECTURE.md's tree with the real one; each file but `__init__` has a caption."""
    drawn = drawn_tree(checkout.read("ARCHITECTURE.md"))
    real = {str(module.path) for module in checkout.sources}
    for path in sorted(real - drawn.keys()):
        yield f"ARCHITECTURE.md:1: {path} is missing in the tree"
    for path in sorted(drawn.keys() - real):
        yield f"ARCHITECTURE.md:1: {path} does not exist"
    for path, caption in sorted(drawn.items()):
        if not caption and not path.endswith("/__init__.py"):
            yield f"ARCHITECTURE.md:1: {path} has no caption"


def check_documented(checkout: Checkout) -> Problems:
    """Find settings, limits and errors that their reference page does not name."""
    for noun, class_name in (("settings", "Settings"), ("limits", "Limits"), ("errors", None)):
        page = set(re.findall(r"\w+", checkout.read(f"docs/reference/{noun}.md")))
        source = next((m for m in checkout.sources if m.path == PACKAGE / f"{noun}.py"), None)
        if source is None:
            continue
        for name, node in public_names(source.tree, class_name):
            if name not in page:
                yield source.at(node, f"{name} is not in docs/reference/{noun}.md: make docs")


CHECKS: tuple[Callable[[Checkout], Problems], ...] = (
    check_file_length,
    check_function_length,
    check_docstrings,
    check_mirror,
    check_dead_modules,
    check_imports,
    check_purity,
    check_init_files,
    check_file_names,
    check_words,
    check_architecture,
    check_documented,
)


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function and method, nested ones included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def called_name(node: ast.AST) -> str:
    """Return the last name of what a call calls, `open` of `pathlib.Path.open`, else nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def is_below(path: Path, places: tuple[Path, ...]) -> bool:
    """Return whether the path is one of the places or lies in one."""
    return any(path.is_relative_to(place) for place in places)


def names_used(module: Module) -> set[str]:
    """Return the dotted names that a module imports or names in `module:function` strings."""
    used: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            used |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            used |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            used |= set(re.findall(r"^(isocenter(?:\.\w+)+)(?::\w+)?$", node.value))
    return used


def drawn_tree(text: str) -> dict[str, str]:
    """Return path -> caption of each Python file in the first block that draws `src/isocenter/`."""
    block = re.search(r"```text\n(src/isocenter/\n.*?)```", text, re.DOTALL)
    if block is None:
        return {}
    drawn: dict[str, str] = {}
    folders: list[tuple[int, str]] = []
    for line in block[1].splitlines():
        match = re.match(r"^src/isocenter/$", line)
        if match:
            folders = [(0, "src/isocenter/")]
            continue
        entry = TREE_LINE.match(line)
        if entry is None:
            continue
        indent = len(entry["indent"])
        folders = [folder for folder in folders if folder[0] < indent]
        path = folders[-1][1] + entry["name"] if folders else entry["name"]
        if entry["name"].endswith("/"):
            folders.append((indent, path))
        elif entry["name"].endswith(".py"):
            drawn[path] = entry["caption"] or ""
    return drawn


def public_names(tree: ast.Module, class_name: str | None) -> Iterator[tuple[str, ast.AST]]:
    """Yield the fields of one class, or without a name every class of the module."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        if class_name is None:
            yield node.name, node
        elif node.name == class_name:
            for item in node.body:
                if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                    yield item.target.id, item


def main(arguments: list[str]) -> int:
    """Print every problem and return the exit code."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    checkout = read_checkout(root)
    problems = [problem for check in CHECKS for problem in check(checkout)]
    for problem in problems:
        print(problem)
    print(f"tidy: {len(checkout.modules)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
