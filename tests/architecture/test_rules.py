"""What import-linter cannot say. Each test is a rule of docs/architecture.md; the message says what to do."""

import ast

FRONT_ENDS = ("app.cli", "app.main", "app.services", "app.demo")

# A file of more than 400 lines is two files, unless it stands here with its reason.
LONG_FILES: dict[str, str] = {}

# Objects with a life of their own (connections, pools, configuration): built by services.py, handed on as arguments.
LIVING = {
    "FastAPI",
    "Settings",
    "Database",
    "Services",
    "Client",
    "AsyncClient",
    "create_engine",
    "create_async_engine",
}
LIVING |= {"sessionmaker", "async_sessionmaker", "open_services", "create_app"}


def test_settings_are_read_by_front_ends_alone(modules):
    """Everything else gets values as arguments: that is what makes it testable and free of surprises."""
    found = [
        module.where
        for module in modules
        if not module.inside("app.settings", "app.api", *FRONT_ENDS)
        and any(name == "app.settings" or name.startswith("app.settings.") for name in module.imports())
    ]
    assert found == []


def test_the_environment_is_read_in_one_place(modules):
    """Handing the whole of it on to a child process (`env=…`) is no reading."""

    def reads(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in {("os", "environ"), ("os", "getenv"), ("os", "environb")}
        )

    found = []
    for module in modules:
        if module.inside("app.settings"):
            continue
        handed_on = {
            id(inner)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.keyword) and node.arg == "env"
            for inner in ast.walk(node)
        }
        found += [
            f"{module.where}:{node.lineno}"
            for node in ast.walk(module.tree)
            if reads(node) and id(node) not in handed_on
        ]
    assert found == [], "read it in app/settings.py and hand on the value"


def test_nothing_alive_is_made_at_import(modules):
    """No module-level application, engine, client or singleton; importing a module opens nothing."""

    def name_of(call: ast.Call) -> str:
        return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")

    found = []
    for module in modules:
        for statement in module.tree.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            found += [
                f"{module.where}:{node.lineno} {name_of(node)}()"
                for node in ast.walk(statement)
                if isinstance(node, ast.Call)
                and (name_of(node) in LIVING or name_of(node).endswith("Service"))
            ]
    assert found == []


def test_files_stay_readable(modules):
    long = {
        m.where: lines for m in modules if (lines := m.text.count("\n")) > 400 and m.where not in LONG_FILES
    }
    assert long == {}, "over 400 lines is two files (or give the reason in LONG_FILES)"
    assert set(LONG_FILES) <= {m.where for m in modules if m.text.count("\n") > 400}, "stale reasons"


def test_no_module_bears_the_name_of_a_public_function(modules):
    """What a package lists in its `__init__` must not be shadowed by a module in it, by chance of import order."""
    names = {module.name for module in modules}
    found = [
        f"{package.where} exports {alias.name}, and a module is called so too"
        for package in modules
        if package.path.name == "__init__.py"
        for node in package.tree.body
        if isinstance(node, ast.ImportFrom) and node.module != package.name
        for alias in node.names
        if f"{package.name}.{alias.asname or alias.name}" in names
    ]
    assert found == []


def test_sql_lives_in_repositories(modules):
    """A service may name the session that it hands to its repository; statements stay in the repository."""
    allowed = {"sqlalchemy.ext.asyncio.AsyncSession"}
    found = {
        module.where: sorted(names)
        for module in modules
        if not module.inside("app.storage") and "repository" not in module.name.split(".")
        if (
            names := {
                n for n in module.imports() if n.split(".")[0] in {"sqlalchemy", "aiosqlite", "psycopg"}
            }
            - allowed
        )
    }
    assert found == {}


def test_domains_answer_with_values_not_with_http(modules):
    """Also through imports inside functions, which import-linter sees, and strings of a status, which it doesn't."""
    web = ("fastapi", "starlette", "uvicorn", "typer", "rich")
    domains = ("app.access", "app.catalog", "app.copywriting", "app.storage", "app.errors")
    found = {
        module.where: sorted(names)
        for module in modules
        if module.inside(*domains, "seo", "prompts", "retrieval", "evaluators")
        if (names := {name for name in module.imports() if name.split(".")[0] in web})
    }
    assert found == {}


def test_every_file_says_what_it_is_for(modules):
    assert [m.where for m in modules if m.text.strip() and not ast.get_docstring(m.tree)] == []


def test_tests_stand_where_the_code_stands(root):
    """tests/ is the same tree; beside it only these."""
    special = {"conformance", "architecture", "e2e", "docs", "fakes", "benchmarks"}
    folders = [
        p.relative_to(root / "tests")
        for p in (root / "tests").rglob("*")
        if p.is_dir() and any(p.glob("test_*.py"))
    ]
    lost = [str(f) for f in folders if f.parts[0] not in special and not (root / f).is_dir()]
    assert lost == []
