import pytest
import torch

from hpme.analysis.story import Subject, build_story
from hpme.figures import page_html
from tests.figures.scenes import explanation_of, molecule_graph

pytestmark = pytest.mark.browser


def always(answer):
    """A classifier that gives every graph the same class."""

    class Constant(torch.nn.Module):
        def embed(self, x, edge_index):
            return x

        def forward(self, x, edge_index, batch):
            logits = torch.zeros(int(batch.max()) + 1, 2)
            logits[:, answer] = 3.0
            return logits

    return Constant().eval()


def keep_two(graphs):
    return [explanation_of(graph, [0, 1], 5.0) for graph in graphs]


def test_an_exported_page_works_with_no_network_at_all(chromium, tmp_path):
    graph, *pool = (molecule_graph(smiles, {0}) for smiles in ("Cc1ccccc1", "COc1ccncc1", "CCO", "CCCN"))
    story = build_story(Subject(always(1), graph, pool[0], pool, ("no", "yes")), keep_two)
    file = tmp_path / "out.html"
    file.write_text(page_html(story), encoding="utf8")
    context = chromium.new_context(offline=True)
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.append(request.url))
    page.goto(file.as_uri())
    trio = page.locator(".trio[data-token]")
    trio.wait_for()
    assert trio.evaluate("root => root.trio.views.map(view => view.nodes.length)") == [7, 7, 8]
    context.close()
    assert troubles == [file.as_uri()]
