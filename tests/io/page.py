"""The table of docs/your-data.md, from the registry of formats: ``python -m tests.io.page``."""

from pathlib import Path

from hpme.io import FORMATS

PAGE = Path(__file__).parents[2] / "docs" / "your-data.md"
BEGIN, END = "<!-- formats: from hpme.io.formats -->", "<!-- end of formats -->"


def table() -> str:
    """A row for each format."""
    rows = ["| format | usual endings | what is taken |", "| --- | --- | --- |"]
    for form in FORMATS.values():
        if form.title:
            endings = ", ".join(f"`.{ending}`" for ending in form.endings)
            rows.append(f"| {form.title} | {endings} | {form.taken} |")
    return "\n".join(rows)


def renewed(page: str) -> str:
    """The page with the table as it is now."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
