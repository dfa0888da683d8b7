"""Reports as one HTML file each: still pictures, numbers, where they come from; no script."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from hpme.chemistry.names import formula
from hpme.figures.grid import Method
from hpme.figures.networks import panels
from hpme.figures.payload import UNDER, VIEWS, verdicts
from hpme.figures.story import Story
from hpme.figures.svg import data_svgs, graph_svg
from hpme.figures.tables import method_rows, node_rows
from hpme.figures.view_table import node_table
from hpme.metrics import METRICS, iou, matrix, rank_correlation

BETTER = {"up": "higher", "down": "lower", "none": "neither"}


def report_html(
    story: Story, title: str, command: str, facts: Mapping[str, Any], *, structure: bool = False
) -> str:
    """A report of one explanation as HTML, for readers who do not have the explorer.

    Args:
        story: The explanation.
        title: Its heading, the question.
        command: Shell command that gives these views.
        facts: Result of `hpme.analysis.provenance.provenance`.
        structure: Whether molecules are drawn as real structures.

    Returns:
        The document; it loads nothing from elsewhere, holds no script and prints well.
    """
    pictures = "".join(
        f'<figure><div role="img" aria-label="{escape(panel.name)}: {escape(panel.caption)}">'
        f"{graph_svg([panel])}</div>{_below(panel.caption, panel.legend, verdicts(story, under))}</figure>"
        for panel, under in zip(panels(story.scene, structure=structure), UNDER, strict=True)
    )
    flags = "".join(f"<li><b>{escape(flag.title)}.</b> {escape(flag.words)}</li>" for flag in story.flags)
    body = (
        f"<h1>{escape(title)}</h1><p>{escape(story.plain_sentence)}</p><ul>{flags}</ul>"
        f"<div class='pictures'>{pictures}</div>"
        f"<h2>Graph</h2>{_facts(graph_facts(story))}"
        f"<h2>Predictions</h2>{_table(answer_rows(story))}<p>{escape(story.note)}</p>"
        f"<h2>Metrics</h2>{_table(metric_rows(story))}"
        f"<h2>Nodes</h2>{_table(_nodes(story))}"
        f"<h2>Reproduce</h2><pre>{escape(command)}</pre>"
        f"<h2>Provenance</h2>{_facts(facts)}"
    )
    return _document(title, body)


def comparison_html(
    methods: Sequence[Method], data: Mapping[str, Any], title: str, facts: Mapping[str, Any]
) -> str:
    """A report of several explainers on one graph as HTML.

    Args:
        methods: What is compared.
        data: How it is drawn: result of `grid_data` for them.
        title: Heading of the report, the question.
        facts: Where it comes from.
    """
    named = {panel["name"]: panel for panel in data["light"]}
    pictures = "".join(
        f'<figure role="img" aria-label="{escape(named[name]["alt"])}">{svg}'
        f"{_below(*map(named[name].get, ('caption', 'legend', 'verdicts')))}</figure>"
        for name, svg in data_svgs(data).items()
        if name in named
    )
    titles = [method.title for method in methods]
    kept = matrix([method.keep for method in methods], iou)
    ranks = matrix([method.raw.node_score for method in methods], rank_correlation)
    body = (
        f"<h1>{escape(title)}</h1><div class='pictures'>{pictures}</div>"
        f"<p>{escape(methods[0].story.note)}</p>"
        f"<h2>Explainers</h2>{_table(method_rows(methods))}"
        f"<h2>Kept nodes in common (IoU)</h2>{_square(titles, kept)}"
        f"<h2>Rankings of the nodes (Spearman)</h2>{_square(titles, ranks)}"
        f"<h2>Nodes</h2>{_table(node_rows(methods))}<h2>Provenance</h2>{_facts(facts)}"
    )
    return _document(title, body)


def gallery_html(
    pictures: Sequence[tuple[str, str, Sequence[str]]],
    rows: Sequence[Mapping[str, Any]],
    title: str,
    sentence: str,
    facts: Mapping[str, Any],
) -> str:
    """A gallery of pictures, such as of the pieces that a model looks at, as HTML.

    Args:
        pictures: An SVG document, a heading and lines of text each.
        rows: What stands in a table below them.
        title: Heading of the page.
        sentence: What stands below it.
        facts: Where it comes from.
    """
    figures = "".join(
        f'<figure class="small" role="img" aria-label="{escape(heading)}">{svg}'
        f"<figcaption><b>{escape(heading)}</b><br/>{'<br/>'.join(map(escape, lines))}</figcaption></figure>"
        for svg, heading, lines in pictures
    )
    body = (
        f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p><div class='pictures'>{figures}</div>"
        f"{f'<h2>Pieces</h2>{_table(rows)}' if rows else ''}<h2>Provenance</h2>{_facts(facts)}"
    )
    return _document(title, body)


def _document(title: str, body: str) -> str:
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )


def graph_facts(story: Story) -> dict[str, object]:
    """What the explained graph is: its size, its label and, of a molecule, SMILES, formula and kept part."""
    graph, answers, found = story.scene.graph, story.answers, dict[str, object]()
    if story.molecule is not None:
        found |= {"SMILES": graph.smiles, "formula": formula(story.molecule)}
        found |= {"kept part": story.kept_names or None, "kept part, SMARTS": story.kept_smarts or None}
    found |= {"nodes": graph.num_nodes, "edges": graph.edge_index.size(1) // 2}
    if "y" in graph:
        found["label"] = f"{float(graph.y):.3f}" if answers.scale else answers.classes[int(graph.y)]
    return found


def _nodes(story: Story) -> list[dict[str, object]]:
    """The graph's nodes, without those of the donor."""
    rows = node_table(story.scene)[: story.scene.size]
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def _below(caption: str, keys: Sequence[Mapping[str, str]], bars: Sequence[Mapping[str, Any]]) -> str:
    """What stands below a picture: its caption, its legend, and the model's predictions as bars."""
    return f"<figcaption>{escape(caption)}{_legend(keys)}{''.join(map(_bar, bars))}</figcaption>"


def _bar(bar: Mapping[str, Any]) -> str:
    """A prediction as a bar with its mark: result of `hpme.figures.payload.verdict`."""
    return (
        f"<span class='bar {bar['kind']}' title='{escape(bar['words'])}'><span>{escape(bar['what'])}</span>"
        f"<i style='--share: {bar['share']:.1%}; --line: {bar['line']:.1%}'></i>"
        f"<span>{escape(bar['text'])} {bar['mark']}</span></span>"
    )


def _legend(keys: Sequence[Mapping[str, str]]) -> str:
    """What colours and shapes mean, with a mark for each."""
    marks = "".join(
        f"<span class='key'><i class='{escape(key['kind'])}' style='--fill: {escape(key['fill'])}; "
        f"--from: {escape(key.get('from', key['fill']))}'></i>{escape(key['label'])}</span>"
        for key in keys
    )
    return f"<span class='legend'>{marks}</span>"


def _facts(facts: Mapping[str, Any]) -> str:
    return _table([{"fact": name, "value": _plain(value)} for name, value in _flat(facts)])


def _flat(facts: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Facts one by one: settings within a fact have its name before theirs."""
    for name, value in facts.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{before}{name}: ")
        else:
            yield f"{before}{name}", value


def _square(titles: Sequence[str], table: Sequence[Sequence[float | None]]) -> str:
    rows = zip(titles, table, strict=True)
    return _table([{"explainer": name} | dict(zip(titles, values, strict=True)) for name, values in rows])


def metric_rows(story: Story) -> list[dict[str, object]]:
    """The metrics of an explanation as a table, each with its meaning; None where one has no value."""
    return [
        {
            "metric": METRICS[name].title,
            "value": value,
            "better": BETTER[METRICS[name].direction],
            "meaning": METRICS[name].help,
            "source": METRICS[name].source,
        }
        for name, value in story.metrics.items()
    ]


def answer_rows(story: Story) -> list[dict[str, object]]:
    """The model's predictions on the four views, as a table."""
    answers = story.answers
    amount = answers.scale.quantity if answers.scale else f"probability of {answers.explained_name}"
    return [
        {
            "view": name,
            "prediction": answers.prediction(view),
            amount: answers.bar_text(view),
            "as the whole graph": "yes" if answers.holds(view) else "no",
        }
        for view, name in enumerate(VIEWS)
    ]


def _table(rows: Sequence[Mapping[str, object]]) -> str:
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in rows[0])
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(_cell(value))}</td>" for value in row.values()) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value)) or "–"
    return "–" if value is None or value == {} else str(value)


_STYLE = """
body { max-width: 1180px; margin: 28px auto; padding: 0 20px; color: #1b2430; background: #fff;
       font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 22px; margin: 0 0 6px; } h2 { font-size: 16px; margin: 22px 0 6px; }
.pictures { display: flex; flex-wrap: wrap; gap: 12px; }
figure { flex: 1 1 300px; margin: 0; padding: 8px; border: 1px solid #dde2e9; border-radius: 8px;
         break-inside: avoid; }
figure svg { width: 100%; height: auto; max-height: 340px; }
figure.small { flex: 0 1 200px; } figure.small svg { max-height: 180px; }
figcaption { font-size: 13px; color: #4a5565; }
table { border-collapse: collapse; font-size: 13.5px; }
th, td { text-align: left; padding: 4px 12px 4px 0; border-bottom: 1px solid #dde2e9; vertical-align: top;
         overflow-wrap: break-word; }
th, td:first-child { white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 12px; margin-top: 4px; }
.key { display: inline-flex; align-items: center; gap: 5px; }
.key i { flex: none; width: 12px; height: 12px; box-sizing: border-box; background: var(--fill); }
.key :is(.dot, .halo, .ring) { border-radius: 50%; }
.key .star { clip-path: polygon(50% 0, 62% 36%, 98% 36%, 69% 57%, 80% 92%, 50% 70%, 20% 92%, 31% 57%,
                                2% 36%, 38% 36%); }
.key .line { width: 20px; height: 2.5px; }
.key .ring { background: none; border: 2.5px solid var(--fill); }
.key .ramp { width: 38px; background: linear-gradient(90deg, var(--from), var(--fill)); }
.key .dash { width: 22px; height: 0; background: none; border-top: 3px dashed var(--fill); }
.bar { display: grid; grid-template-columns: 8em 1fr 4.5em; gap: 8px; align-items: center; margin-top: 4px; }
.bar i { height: 10px; background: linear-gradient(#1b2430, #1b2430) var(--line) / 1px 100% no-repeat,
         linear-gradient(var(--fill), var(--fill)) 0 / var(--share) 100% no-repeat, #e3e6ea; }
.holds { --fill: #0072b2; } .lost { --fill: #d55e00; } .rest { --fill: #8b929b; }
@media print { .key i, .bar i { print-color-adjust: exact; } }
pre { padding: 10px; background: #f4f6f9; border-radius: 6px; white-space: pre-wrap; }
"""
