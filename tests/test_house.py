"""The house stays in order: imports point one way, and some things happen in one place only."""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from orderboard.orders import rules

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "orderboard"
FLOORS = [
    {
        "addresses",
        "offload",
        "clock",
        "converters",
        "errors",
        "folding",
        "jsontext",
        "money",
        "paths",
        "printer_addresses",
        "pictures",
        "secret_key",
        "turn",
        "version",
    },
    {"config", "converting", "faults", "fields", "logs"},
    {"condition", "fastload", "quantities", "spreadsheets", "sqlite"},
    {"database", "objects"},
    {"statements"},
    {"events"},
    {"generations", "schema", "consumers"},
    {"people", "catalogue", "discounts", "settings", "saved_views"},
    {"orders"},
    {"analytics", "customers", "figures", "online", "printing"},
    {"audiences"},
    {"stream", "edge"},
    {"web"},
    {""},
    {"upkeep", "forgetting", "compacting"},
    {"children", "courier"},
    {"embedded", "starting"},
    {"preflight"},
    {"supervisor"},
    {"demo"},
    {"cli"},
    {"__main__"},
]
"""Lowest first: a part may import those below it, and itself. "" is create_app."""
STREAM_KNOWS = {"offload", "errors", "stream", "config", "jsontext", "turn"}
PLACING_BY_FORM = {"orderboard.web.api.placing", "orderboard.web.api.quoting"}
IMPORTS = (ast.Import, ast.ImportFrom)
PURE = {
    "catalogue/pricing.py": {"fields", "money"},
    "catalogue/rules.py": set[str](),
    "catalogue/snapshot.py": {"catalogue", "clock", "money", "quantities"},
    "catalogue/views.py": set[str](),
    "orders/rules.py": {"money", "errors"},
    "orders/views.py": {"orders"},
    "figures/delta.py": {"clock", "money", "orders"},
    "analytics/facts.py": {"clock", "orders"},
    "settings/values.py": {"config", "money", "settings"},
    "settings/views.py": {"config", "settings"},
    "online/units.py": {"money"},
    "stream/frame.py": {"jsontext"},
    "money.py": set[str](),
}


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        part = inside.parts[0].removesuffix(".py")
        if part != "migrations":
            yield path, "" if part == "__init__" else part


def all_modules() -> dict[str, Path]:
    """Every module of the package by its full name."""
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path, _ in modules()}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


def imported(path: Path) -> set[str]:
    """The full names of the modules that a module imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def named(path: Path, files: Collection[str]) -> set[str]:
    """The modules of these that a module imports, for types too."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, IMPORTS)]
    found: set[str] = set()
    for node in nodes:
        for name in node.names:
            inside = f"{node.module}.{name.name}" if isinstance(node, ast.ImportFrom) else name.name
            found.add(inside if inside in files else inside.rpartition(".")[0])
    return found & {*files}


def imports(path: Path) -> set[str]:
    """The parts of the package that a module imports at run time."""
    found: set[str] = set()
    tree = ast.parse(path.read_text())
    only_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in only_types:
            head, _, rest = node.module.partition(".")
            if head == "orderboard":
                names = [rest.split(".")[0]] if rest else [name.name for name in node.names]
                found |= {
                    name if (PACKAGE / name).exists() or (PACKAGE / f"{name}.py").exists() else ""
                    for name in names
                }
    return found


def floor(part: str) -> int:
    for number, parts in enumerate(FLOORS):
        if part in parts:
            return number
    pytest.fail(f"orderboard/{part} has no place in FLOORS: say what it may import")


@pytest.mark.parametrize(
    ("path", "part"),
    list(modules()),
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_imports_point_down(path: Path, part: str) -> None:
    above = {name for name in imports(path) if floor(name) > floor(part)}
    same = {name for name in imports(path) if floor(name) == floor(part) and name != part}
    beside = set() if floor(part) == 0 else same
    assert not above | beside, f"{path.relative_to(ROOT)} reaches up to {above | beside}"


def test_no_two_modules_import_each_other() -> None:
    files = all_modules()
    needs = {name: named(path, files) - {name} for name, path in files.items()}
    while free := {name for name, others in needs.items() if not others & needs.keys()}:
        needs = {name: others for name, others in needs.items() if name not in free}
    assert not needs, f"these are in a circle, or import one that is: {sorted(needs)}"


def test_pages_and_api_stand_beside_each_other() -> None:
    files = all_modules()
    for name, path in files.items():
        for one, other in (("pages", "api"), ("api", "pages")):
            if name.startswith(f"orderboard.web.{one}."):
                over = {at for at in named(path, files) if at.startswith(f"orderboard.web.{other}")}
                assert not over - PLACING_BY_FORM, f"{name} reaches for {over}"


def test_the_stream_knows_no_orders_and_no_log() -> None:
    for path, part in modules():
        if part == "stream":
            assert imports(path) <= STREAM_KNOWS, path.name


@pytest.mark.parametrize("name", list(PURE))
def test_pure_files_stay_pure(name: str) -> None:
    path = PACKAGE / name
    assert imports(path) <= PURE[name]
    outside = {name.split(".")[0] for name in imported(path)}
    assert not outside & {"flask", "sqlalchemy", "time", "datetime", "random", "os"}


def test_there_is_one_door_out_of_a_transaction() -> None:
    doors = [path.relative_to(PACKAGE) for path, _ in modules() if ".commit(" in path.read_text()]
    assert doors == [Path("events/log.py")]


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        str(path.relative_to(PACKAGE)) for path, _ in modules() if "os.environ" in path.read_text()
    }
    assert readers <= {"__init__.py", "cli/offline.py", "cli/demo.py"}


def test_the_time_is_read_in_one_place() -> None:
    for path, _ in modules():
        if path.name != "clock.py":
            assert "datetime.now(" not in path.read_text(), path.name
            assert "utcnow(" not in path.read_text(), path.name


def test_no_file_is_longer_than_250_lines() -> None:
    files = [path for path, _ in modules()] + [*(ROOT / "static").rglob("*.js")]
    long = {path.name: n for path in files if (n := len(path.read_text().splitlines())) > 250}
    assert not long


def test_pages_have_no_copies_of_the_rules() -> None:
    codes = "|".join([*rules.STATUSES, *rules.TYPES])
    one = rf"""["'](?:{codes})["']"""
    listed = re.compile(
        rf"""{one}\s*,\s*{one}|{one}\s*\|\|[^|\n]*=== {one}|(?:{codes}) (?:{codes})[ "]"""
    )
    assert listed.search('["return", "exchange", "donation"]')
    assert listed.search('a === "delivered" || a === "completed"')
    assert listed.search('data-filter-status="on_hold processing ready"')
    pages = [*(ROOT / "static").rglob("*.js"), *(ROOT / "templates").rglob("*.html")]
    copies = {path.name for path in pages if listed.search(path.read_text())}
    # The simulator's ways are what it does, not what may be done: that it asks of each order.
    assert copies <= {"simulation.js"}


def test_the_docs_name_files_that_are_there() -> None:
    text = (ROOT / "docs/how-it-works.md").read_text()
    named = re.findall(r"`((?:[a-z_]+/)*[a-z_-]+\.(?:py|js))`", text)
    assert len(named) > 10
    gone = {name for name in named if not (ROOT / name).exists() and not [*PACKAGE.rglob(name)]}
    assert not gone


def test_the_docs_say_what_each_file_of_the_stream_knows() -> None:
    text = (ROOT / "docs/how-it-works.md").read_text()
    table = text.partition("## The stream, file by file")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+)`", table.replace(".py", "")))
    files = {path.stem for path in (PACKAGE / "stream").glob("*.py")} - {"__init__"}
    assert files <= named, f"not in the table: {files - named}"


def test_migrations_have_numbers_of_their_own_and_one_end() -> None:
    files = sorted((PACKAGE / "migrations/versions").glob("*.py"))
    numbers = [path.name[:4] for path in files]
    assert len({*numbers}) == len(numbers)
    texts = [path.read_text() for path in files]
    before = [re.search(r'^down_revision = "?(\w+)', text, re.MULTILINE) for text in texts]
    assert all(before)
    assert len({found[1] for found in before if found}) == len(files), "two follow the same one"
