import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from pandas import DataFrame

from benchmarks import standing_tables
from benchmarks.markdown import put_between
from benchmarks.results_table import ablated, beside, blocks, by_dataset, ours, tables
from hpme.benchmark import KEYS, BenchConfig
from hpme.benchmark.leaderboard import SHIPPED, read_rows
from hpme.benchmark.published import QUOTES
from hpme.benchmark.results import EARLIER
from hpme.benchmark.standing import judged_by_all
from hpme.classifiers import CLASSIFIERS, available_classifiers, load_classifier
from hpme.datasets import DATASETS
from hpme.forward.fingerprint import fingerprint
from hpme.metrics import METRICS

ROOT = Path(__file__).parents[2]
# Measured, but no longer shipped: `hpme train benzene --model gcn` gives the same weights again.
MOLECULES = ("benzene", "fluoride-carbonyl", "alkane-carbonyl", "nitro-amine")
NOT_SHIPPED = {(dataset, "gcn") for dataset in MOLECULES}


def rows(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["rows"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_results_file_has_whole_rows_in_range_on_the_shipped_classifiers(path):
    meta = json.loads(path.read_text(encoding="utf-8"))["meta"]
    assert {"date", "command", "config", "classifiers", "versions", "machine"} <= set(meta)
    packed = {Path(source).stem for source in meta["config"]["datasets"] if source.endswith(".npz")}
    for name, digest in meta["classifiers"].items():
        archs = "|".join(sorted(CLASSIFIERS, key=len, reverse=True))
        dataset, arch, seed = re.fullmatch(rf"(.+?)-({archs})(-\d+)?", name).groups()
        if (dataset, arch) in NOT_SHIPPED:
            assert arch not in available_classifiers(dataset)
        elif dataset not in packed and not seed:  # those were trained in that run
            assert fingerprint(load_classifier(dataset, arch)) == digest
    keys = (*KEYS, "variant") if "variants" in meta["config"] else KEYS
    for row in rows(path):
        assert tuple(row) == tuple(key for key in keys if key in row or key not in EARLIER)
        seed = f"-{row['classifier_seed']}" if row["classifier_seed"] else ""
        assert row["classifier"] == meta["classifiers"][f"{row['dataset']}-{row['model']}{seed}"]
        for name in METRICS.keys() & row.keys():
            assert row[name] is None or METRICS[name].low <= row[name] <= METRICS[name].high


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_results_file_names_no_folder_of_a_machine(path):
    assert not re.findall(r"""["'\s=](?:/|[A-Z]:\\\\)\w+/[^"'\s]*""", path.read_text(encoding="utf-8"))


def test_the_docs_show_the_tables_of_these_files_and_the_readme_a_summary():
    assert SHIPPED
    rows, page = read_rows(SHIPPED), (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    verdicts = judged_by_all(rows)
    for mark, text in blocks(rows, verdicts).items():
        assert f"<!-- {mark} -->\n\n{text}\n\n<!-- /{mark} -->" in page
    assert standing_tables.front(rows, verdicts) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_results_file_is_named_beside_the_commands_that_wrote_it():
    _, _, part = (ROOT / "docs" / "results.md").read_text(encoding="utf-8").partition("\n## Commands\n")
    for path in SHIPPED:
        meta = json.loads(path.read_text(encoding="utf-8"))["meta"]
        _, _, own = part.partition(f"`{path.name}`, {meta['date'][:10]}:\n")
        assert own.lstrip().startswith([*meta["earlier"], meta["command"]][0])


COMMANDS = (ROOT / "benchmarks" / "commands.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", [line for line in COMMANDS if line and not line.startswith("#")])
def test_a_listed_command_is_run_by_a_make_target_into_its_folder_and_names_what_there_is(line):
    target, module, *words = line.split()
    assert f"{target} " in (ROOT / "Makefile").read_text(encoding="utf-8")
    options = dict(pair for pair in pairwise(words) if pair[0].startswith("--"))
    assert Path(options["--json"]).parent == Path("build", target)
    if module == "hpme":
        assert words[0] == "bench"
        names = options["--dataset"].split(","), options.get("--model", "gin").split(",")
        BenchConfig(datasets=names[0], models=names[1], split=options.get("--split", "held-out"))
    assert set(options.get("--datasets", options.get("--dataset")).split(",")) <= set(DATASETS)


def test_text_goes_between_its_marks_and_all_else_stays(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x -->\nold\n<!-- /x -->\nb\n")
    put_between(page, "x", "new")
    assert page.read_text() == "a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n"
    put_between(page, "x", "new")
    assert page.read_text() == "a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_results_file_is_strict_json_without_infinities(path):
    json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)


def row(explainer: str, seed: int, **values: float | str | None) -> dict:
    place = {"dataset": "d", "model": "m", "explainer": explainer, "seed": seed, "split": "held-out"}
    return dict.fromkeys(KEYS, 0.0) | {"by_graph": None} | place | values


@pytest.fixture
def written(tmp_path):
    def read_them(*rows: dict) -> DataFrame:
        path = tmp_path / "rows.json"
        path.write_text(json.dumps({"meta": {"date": "", "command": ""}, "rows": rows}))
        return read_rows([path])

    return read_them


def test_a_table_gives_mean_and_spread_over_seeds_with_explainers_side_by_side(written):
    rows = [row("hpme", 0, edge_auc=0.5), row("hpme", 1, edge_auc=0.7), row("random", 0, edge_auc=None)]
    # Mean .6; deviations of .1 to either side: the sample's standard deviation is .1 times the root of two.
    assert by_dataset(written(*rows), "edge_auc").splitlines() == [
        "| dataset | model | hpme | random |",
        "| --- | --- | --- | --- |",
        "| d | m | 0.600 ± 0.141 | – |",
    ]


def test_hpmes_own_table_counts_the_seeds_that_collapsed(written):
    rows = [row("hpme", seed, kept_share=share) for seed, share in enumerate((0.0, 0.5, 1.0))]
    table = ours(written(*rows, row("random", 0)))
    assert table.splitlines()[2].startswith("| d | m | 3 | 2 | 0.500 ± 0.500 |")


def test_held_out_and_transductive_rows_have_tables_of_their_own(written):
    literature = row("hpme", 0, edge_auc_pooled=0.6, split="transductive")
    rows = written(row("hpme", 0, edge_auc=0.7), literature)
    text = tables(rows, judged_by_all(rows))
    assert (
        text.index("**Edge AUC ↑, held-out**")
        < text.index("0.700")
        < text.index("**Edge AUC, pooled ↑, tran")
    )
    assert "| d | m | 0.600 |" in text


def test_ablations_stay_out_of_the_tables(written):
    runs = written(row("hpme", 0, edge_auc=0.7), row("hpme", 0, edge_auc=0.1, variant="links-none"))
    text = tables(runs, judged_by_all(runs))
    assert "| d | m | 0.700 |" in text
    assert "0.100" not in text.partition("### HPME with one piece changed")[0]


def test_variants_have_a_table_of_their_own(written):
    values = {"edge_auc": 0.5, "node_iou": 0.25, "kept_on_mix": 1.0, "variant": "links-none"}
    assert ablated(written(row("hpme", 0, **values))).splitlines() == [
        "| variant | d |",
        "| --- | --- |",
        "| links-none | 0.500, 0.250, 1.000 |",
    ]


def test_what_papers_report_stands_beside_what_was_measured(written):
    measured = row("pgexplainer", 0, edge_auc_pooled=0.5) | {"dataset": "ba-2motifs"}
    assert beside(written(measured, row("random", 0))).splitlines()[:3] == [
        "| dataset | model | pgexplainer |",
        "| --- | --- | --- |",
        "| ba-2motifs | m | 0.500 (0.734; 0.679) |",
    ]


def test_peers_reach_on_ba_2motifs_what_was_published_or_the_docs_say_why_not():
    table = read_rows(SHIPPED)
    table = table[table["split"] == "transductive"].query("dataset == 'ba-2motifs' and model == 'gcn'")
    measured = table.set_index("explainer")["edge_auc_pooled"]
    papers = {quote.explainer: [] for quote in QUOTES if quote.explainer in measured}
    for quote in QUOTES:
        if quote.dataset == "ba-2motifs" and quote.explainer in papers:
            papers[quote.explainer].append(quote.edge_auc)
    short = {name for name, values in papers.items() if measured[name] < min(values) - 0.05}
    assert short == {"gnnexplainer", "mixupexplainer"}
    saturated = {name for name in papers if measured.isna()[name]}
    assert saturated == {"pgexplainer", "refine", "proxyexplainer"}
    assert len(papers) == 6
