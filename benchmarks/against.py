"""How much longer the library takes than another checkout of it: ratios of processor times, in one run.

Run as ``python -m benchmarks.against CHECKOUT``, where CHECKOUT is the folder of another version. Both are
timed by turns, each in a process of its own with one thread, on the same shipped GIN and the same graphs; the
least time of each counts.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]
DATASETS = ("benzene", "ba-2motifs")
TIMED = """
import json, sys, time, torch
from hpme import HPME, HPMEConfig, load_classifier, load_dataset
from hpme.explainers import EXPLAINERS

def spent(work):
    start = time.process_time()
    work()
    return time.process_time() - start

torch.set_num_threads(1)
times = {}
for name in sys.argv[1:]:
    data, model, explainer = load_dataset(name), load_classifier(name, "gin"), HPME.load(name, "gin")
    graphs, config = data.test[:100], HPMEConfig(rounds=1, min_steps=120, checkpoints=4)
    explainer.explain_batch(graphs)
    times[f"{name}: 120 steps of a fit"] = spent(lambda: HPME(model, config).fit(data.train[:1000]))
    times[f"{name}: HPME, 100 graphs in a batch"] = min(
        spent(lambda: explainer.explain_batch(graphs)) for _ in range(10)
    )
    times[f"{name}: HPME, 100 graphs one by one"] = min(
        spent(lambda: [explainer.explain(graph) for graph in graphs]) for _ in range(3)
    )
    for peer in ("saliency", "gnnexplainer"):
        asked = EXPLAINERS[peer].build(model, 0)
        times[f"{name}: {peer}, 50 graphs"] = min(
            spent(lambda: asked.explain_batch(graphs[:50])) for _ in range(5)
        )
print(json.dumps(times))
"""


def measure(checkout: Path) -> dict[str, float]:
    """Returns the seconds of processor time that each part takes in a checkout."""
    return run_in(checkout, TIMED, *DATASETS)


def run_in(checkout: Path, code: str, *arguments: str) -> dict[str, float]:
    """Returns what code prints as its last line, JSON, when it is run with a checkout's version."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=checkout, env=environment, stdout=subprocess.PIPE, check=True)
    printed: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return printed


def ratios(old: list[dict[str, float]], new: list[dict[str, float]]) -> dict[str, float]:
    """Returns the least of the new times over the least of the old ones, by part."""
    return {part: min(run[part] for run in new) / min(run[part] for run in old) for part in new[0]}


def main() -> None:
    """Prints the ratio of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    old, new = [], []
    for _ in range(arguments.turns):
        old.append(measure(arguments.checkout.absolute()))
        new.append(measure(HERE))
    for part, ratio in ratios(old, new).items():
        sys.stdout.write(f"{part:<45}{min(run[part] for run in new):>8.3f} s{ratio:>7.2f} times\n")


if __name__ == "__main__":
    main()
