from dataclasses import replace

from torch_geometric.data import Batch

from hpme.explainers import EXPLAINERS
from hpme.jobs.explain import CHUNK, fit_and_explain


def test_graphs_are_explained_in_order_a_few_between_two_reports(feature_sum, path):
    graphs, reports = [path.clone() for _ in range(CHUNK + 2)], []
    for number, graph in enumerate(graphs):
        graph.graph_id, graph.x = number, graph.x + number
    batch = Batch.from_data_list(graphs)
    fitted, explanations = fit_and_explain(
        lambda *report: reports.append(report), "saliency", feature_sum, 0, batch, graphs
    )
    assert reports == [(CHUNK, CHUNK + 2), (CHUNK + 2, CHUNK + 2)]
    assert [out.graph_id for out in explanations] == list(range(CHUNK + 2))
    assert [out.x[1].item() for out in explanations] == [path.x[1].item() + i for i in range(CHUNK + 2)]
    assert fitted.fit_seconds >= 0 < fitted.graph_seconds


def test_a_fit_reports_its_steps_and_is_not_repeated(neighbour_sum, path, monkeypatch):
    entry = EXPLAINERS["pgexplainer"]

    def short(model, seed):
        explainer = entry.build(model, seed)
        explainer.config = replace(explainer.config, steps=5, trial_steps=0)
        return explainer

    monkeypatch.setitem(EXPLAINERS, "pgexplainer", replace(entry, build=short))
    graphs, steps = [path, path.clone()], []
    for number, graph in enumerate(graphs):
        graph.graph_id = number
    batch = Batch.from_data_list(graphs)

    def report(*step):
        steps.append(step)

    first, _ = fit_and_explain(report, "pgexplainer", neighbour_sum, 0, batch, graphs)
    assert [step[:2] for step in steps] == [*((i + 1, 30) for i in range(30)), (2, 2)]  # six settings
    again, _ = fit_and_explain(report, "pgexplainer", neighbour_sum, 0, batch, graphs, first)
    assert again.explainer is first.explainer
    assert again.fit_seconds == first.fit_seconds
    assert len(steps) == 32
