import shutil

import numpy as np
import pytest
import torch

from hpme import load_dataset
from hpme.batch import BatchConfig, run_batch
from hpme.batch.explaining import graph_of
from hpme.batch.origin import input_of
from hpme.batch.output import BatchOutput
from hpme.io import write_graph
from hpme.own_data import fit_to_input

COUNT = 3


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    """A folder with two files of graphs of one name, one packed, and what explains them in parts of two."""
    folder = tmp_path_factory.mktemp("job")
    graphs = load_dataset("ba-2motifs").test[: 2 * COUNT]
    lines = [write_graph(graph, None, "json").decode().replace("\n", "") for graph in graphs[:COUNT]]
    packed = graphs[COUNT:]
    nodes, edges = ([getattr(graph, name) for graph in packed] for name in ("num_nodes", "num_edges"))
    for place in ("a", "b"):
        (folder / "in" / place).mkdir(parents=True)
    (folder / "in" / "a" / "some.jsonl").write_text("\n".join(lines))
    np.savez(
        folder / "in" / "b" / "some.npz",
        x=torch.cat([graph.x for graph in packed]).numpy(),
        edge_index=torch.cat([graph.edge_index for graph in packed], 1).numpy(),
        nptr=np.cumsum([0, *nodes]),
        eptr=np.cumsum([0, *edges]),
    )
    config = BatchConfig(
        (str(folder / "in"),), str(folder / "out"), "ba-2motifs", "gin", workers=1, part_rows=2
    )
    run_batch(config)
    return folder, graphs


@pytest.fixture
def copied(job, tmp_path):
    """Input and output, moved: the job has read what is there."""
    folder, _ = job
    settings = shutil.copytree(folder, tmp_path / "copy") / "out" / "job.json"
    settings.write_text(settings.read_text().replace(str(folder), str(tmp_path / "copy")))
    return tmp_path / "copy"


def test_a_row_leads_back_to_its_graph(job):
    folder, graphs = job
    output, data = BatchOutput(str(folder / "out")), load_dataset("ba-2motifs")
    rows = output.find().rows
    assert [row["id"] for row in rows] == [f"some.{kind}:{i}" for kind in ("jsonl", "npz") for i in (1, 2, 3)]
    for place, (row, graph) in enumerate(zip(rows, graphs, strict=True)):
        found = fit_to_input(graph_of(input_of(output, place), data), data).graph
        assert input_of(output, place).id == row["id"]
        assert torch.equal(found.x, graph.x)
        assert torch.equal(found.edge_index, graph.edge_index)


def test_what_is_gone_or_has_changed_is_refused_in_a_sentence(copied):
    output, lines = BatchOutput(str(copied / "out")), copied / "in" / "a" / "some.jsonl"
    first, second, _ = lines.read_text().split("\n")
    lines.write_text(f"{first}\n{second}\n{second}")
    assert input_of(output, 1).text == second
    with pytest.raises(
        ValueError, match=r"input of 'some-00001.parquet' as it was explained \(got other rows\)"
    ):
        input_of(output, 2)
    lines.write_text(f"{first}\n{second}")
    with pytest.raises(ValueError, match=r"input of 'some-00001.parquet' as it was explained \(got none\)"):
        input_of(output, 2)
    shutil.rmtree(copied / "in")
    with pytest.raises(ValueError, match="Expected a file or a folder"):
        input_of(output, 0)


@pytest.mark.parametrize("text", [None, "none", "[]", "{}"])
def test_a_folder_that_does_not_say_what_was_read_is_refused_in_a_sentence(copied, text):
    settings = copied / "out" / "job.json"
    settings.unlink() if text is None else settings.write_text(text)
    with pytest.raises(
        ValueError, match=r"Expected a job\.json that says what was explained in .*run the job again"
    ):
        input_of(BatchOutput(str(copied / "out")), 0)
