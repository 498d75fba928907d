"""Tests the layout: imports between floors, sizes of folders, unique names, and no needless public name."""

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOORS = (
    ("articles.installation",),
    ("articles.reading",),
    ("articles.database_busy", "articles.record_lock", "articles.row_lock"),
    ("articles.models",),
    ("articles.search", "articles.counts", "articles.duplicates", "articles.history", "articles.charts"),
    ("articles.editing",),
    ("articles.loading",),
    ("articles.maintenance",),
    ("articles.api",),
    ("articles.site",),
    ("articles.admin",),
    ("articles.management", "articles.apps"),
    ("newsroom",),
)
"""From the ground up. A module imports from its own package and from lower floors, never from higher ones."""

STAGES = ("gazetteer", "lines", "formats", "credits", "layout", "names", "linking", "people", "pipeline")
"""The packages of reading, each of which may use those before it."""

MOST_MODULES = 20

ONE_NAME_EACH = {
    "DATE_INPUT_FORMATS": "Django reads it from the formats of each language",
    "Command": "Django finds a management command by this name",
    "urlpatterns": "Django finds routes by this name",
    "Byline": "the value that is read, and the row that it becomes",
    "Mention": "the value that is read, and the row that it becomes",
    "Page": "the value that is read, and the row that it becomes",
}
"""Public names that two modules may share, with the reason."""

SAME_INTERFACE = (
    ("articles.search.sqlite_index", "articles.search.postgresql_index", "articles.search.index_maintenance"),
    ("articles.maintenance.sqlite_backup", "articles.maintenance.postgresql_backup"),
)
"""Modules that do the same for two databases, under the same names."""

BY_NAME = {
    "DATE_INPUT_FORMATS": "Django reads it from the formats of each language",
    "Command": "Django finds a management command by this name",
    "urlpatterns": "Django finds routes by this name",
    "app_name": "Django finds the namespace of routes by this name",
    "handler404": "Django finds the view of an error by this name",
    "handler500": "Django finds the view of an error by this name",
    "Root": "Django REST framework shows the name of this class as the title of the API",
    "gettext_noop": "makemessages finds messages by the name of the function",
    "read_structure": "benchmarks and gates measure this part of reading alone",
}
"""Public names that no other module uses, with the reason."""

REGISTERED_CLASSES = re.compile(r"AppConfig|OpenApiAuthenticationExtension|\w*Serializer")
"""Bases of classes that a framework finds; the document of the API names its parts after serializers."""

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("articles", "newsroom")
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.relative_to(ROOT).parts
}


@cache
def source(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """The modules that a module's source imports, at its top or inside a function.

    `from articles.reading import pipeline` counts as `articles.reading.pipeline`, as that is a module of ours;
    `from articles.reading.pipeline import read_page` as `articles.reading.pipeline`.
    """
    found = set()
    is_package = MODULES[module].name == "__init__.py"
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(source(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: -(node.level - 1) or None] if node.level else []
            base = ".".join([*parents, *filter(None, [node.module])])
            found |= {name if (name := f"{base}.{alias.name}") in MODULES else base for alias in node.names}
    return frozenset(found)


@cache
def reaches(module: str) -> frozenset[str]:
    """All that a module imports, itself or through other modules of ours."""
    found: set[str] = set()
    waiting = {module}
    while waiting:
        new = imports(waiting.pop()) - found
        found |= new
        waiting |= {name for name in new if name in MODULES}
    return frozenset(found)


def floor_of(module: str) -> int | None:
    """How high a module lies, counted from 0; None for `articles` itself."""
    for height, packages in enumerate(FLOORS):
        if any(module == package or module.startswith(f"{package}.") for package in packages):
            return height
    return None


def package_of(module: str) -> str:
    """The package of a floor that a module belongs to."""
    return module if module.startswith("newsroom") else ".".join(module.split(".")[:2])


def test_every_module_is_on_a_floor() -> None:
    assert [name for name in MODULES if name != "articles" and floor_of(name) is None] == []


@pytest.mark.parametrize("module", [name for name in MODULES if name != "articles"])
def test_no_module_imports_from_a_higher_floor(module: str) -> None:
    own = floor_of(module)
    wrong = [
        name
        for name in imports(module)
        if name in MODULES
        and package_of(name) != package_of(module)
        and not (module.startswith("newsroom") and name.startswith("newsroom"))
        and (floor_of(name) is None or own is None or (floor_of(name) or 0) >= own)
    ]
    assert wrong == []


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_of_reading_imports_a_later_stage(stage: str) -> None:
    later = tuple(f"articles.reading.{name}" for name in STAGES[STAGES.index(stage) + 1 :])
    own = [name for name in MODULES if name.startswith(f"articles.reading.{stage}")]
    assert own, f"the stage {stage} is gone: change STAGES in {Path(__file__).name} with it"
    assert [name for module in own for name in imports(module) if name.startswith(later or ("-",))] == []


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("articles.reading")])
def test_reading_a_page_needs_no_django(module: str) -> None:
    assert {name for name in reaches(module) if name.split(".")[0] in {"django", "rest_framework"}} == set()


def test_a_page_is_read_without_django() -> None:
    code = (
        "import sys; from articles.reading import pipeline; pipeline.read_page('本报讯'.encode());"
        "print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("articles.api")])
def test_the_api_does_not_depend_on_how_pages_are_loaded(module: str) -> None:
    assert {name for name in imports(module) if name.startswith("articles.loading")} == set()


def test_no_imports_go_in_circles() -> None:
    assert [name for name in MODULES if name in reaches(name)] == []


def test_no_folder_is_too_full() -> None:
    counts = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if path.name != "__init__.py" and path.relative_to(ROOT).parts[0] in {"articles", "newsroom", "tests"}
    )
    assert {folder for folder, count in counts.items() if count > MOST_MODULES} == set()


def public_definitions(module: str) -> dict[str, ast.stmt]:
    """The functions, classes and constants of a module whose names do not begin with `_`."""
    found: dict[str, ast.stmt] = {}
    for node in source(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: node for target in targets if isinstance(target, ast.Name)}
    return {name: node for name, node in found.items() if not name.startswith("_")}


def test_no_two_things_share_a_name() -> None:
    owners = defaultdict(set)
    for module in MODULES:
        group = next((group[0] for group in SAME_INTERFACE if module in group), module)
        for name in public_definitions(module).keys() - ONE_NAME_EACH.keys():
            owners[name].add(group)
    shared = {name: sorted(modules) for name, modules in owners.items() if len(modules) > 1}
    assert shared == {}


def used_names(tree: ast.Module, *, is_package: bool) -> Iterator[str]:
    """The names of ours that a module imports, or reads as attributes of what it imports; a package passes them on."""
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (
            node.level or str(node.module).startswith(("articles", "newsroom"))
        ):
            yield from (alias.name for alias in node.names if not is_package)
            imported |= {alias.asname or alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported:
            yield node.attr


@cache
def users() -> dict[str, set[str]]:
    """The modules that use a name, by name; scripts count, tests do not."""
    found = defaultdict(set)
    scripts = [*(ROOT / "scripts").glob("*.py"), ROOT / "manage.py"]
    for module, path in [*MODULES.items(), *((path.stem, path) for path in scripts)]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name in used_names(tree, is_package=path.name == "__init__.py"):
            found[name].add(module)
    return found


@cache
def names_in_settings() -> set[str]:
    """The functions and classes that the settings, the routes and the project file name by a dotted path."""
    files = ("newsroom/settings.py", "newsroom/urls.py", "newsroom/apps.py", "pyproject.toml")
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in files)
    return set(re.findall(r"\b(?:articles|newsroom)\.[\w.]+[.:](\w+)", text))


def names_in(*nodes: ast.AST | None) -> set[str]:
    """The names in annotations and bases; those in quotes too."""
    walked = [node for start in nodes if start for node in ast.walk(start)]
    quoted = [node.value for node in walked if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {node.id for node in walked if isinstance(node, ast.Name)}.union(
        *(re.findall(r"\w+", text) for text in quoted)
    )


def signature(node: ast.stmt) -> set[str]:
    """The types that a caller of a function meets, or a user of a class: arguments, results, fields and bases."""
    if isinstance(node, ast.FunctionDef):
        arguments = [argument.annotation for argument in ast.walk(node.args) if isinstance(argument, ast.arg)]
        return names_in(node.returns, *arguments)
    if isinstance(node, ast.ClassDef):
        public = [part for part in node.body if not re.match(r"_(?!_init__)", getattr(part, "name", ""))]
        return names_in(*node.bases).union(*(signature(part) for part in public)) - {node.name}
    return names_in(getattr(node, "annotation", None))


def is_registered(node: ast.stmt) -> bool:
    """Whether a decorator hands a class or function to Django, or Django finds it by its base."""
    decorators = [ast.unparse(decorator) for decorator in getattr(node, "decorator_list", [])]
    bases = [ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in getattr(node, "bases", [])]
    return any("register" in decorator for decorator in decorators) or any(
        map(REGISTERED_CLASSES.fullmatch, bases)
    )


def test_a_public_name_is_used_by_another_module() -> None:
    same_interface = {module for group in SAME_INTERFACE for module in group}
    needless = []
    for module in MODULES.keys() - same_interface - {"newsroom.settings"}:
        definitions = public_definitions(module)
        types = set().union(*map(signature, definitions.values()))
        needless += [
            f"{module}.{name}"
            for name, node in definitions.items()
            if not (
                name in BY_NAME
                or users().get(name, set()) - {module}
                or name in types
                or is_registered(node)
                or name in names_in_settings()
            )
        ]
    assert sorted(needless) == []
