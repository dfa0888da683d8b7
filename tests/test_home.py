import tomllib

from hpme.home import HOME


def test_home_is_the_clone_that_the_library_is_imported_from():
    assert (HOME / "hpme" / "home.py").is_file()
    assert (HOME / "app.py").is_file()


def test_an_installed_package_carries_every_page_and_asset_in_the_same_places():
    shipped = set()
    settings = tomllib.loads((HOME / "pyproject.toml").read_text())
    for folder, patterns in settings["tool"]["setuptools"]["data-files"].items():
        files = {path.relative_to(HOME) for pattern in patterns for path in HOME.glob(pattern)}
        assert {f"share/hpme/{path.parent}".removesuffix("/.") for path in files} <= {folder}
        shipped |= files
    wanted = [*HOME.glob("pages/*.py"), *HOME.glob("ui/**/*.py"), *HOME.glob("assets/**/*")]
    assert {path.relative_to(HOME) for path in wanted if path.is_file()} <= shipped
