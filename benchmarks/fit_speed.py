"""How much faster this version fits HPME than another one.

python -m benchmarks.fit_speed CHECKOUT [--datasets a,b] [--steps 40] [--turns 2] [--json]

CHECKOUT is a folder with another commit (``git worktree add FOLDER COMMIT``). On each dataset its default
model is explained at a fixed price, in processes of their own that take turns; of each the least time of the
processor counts, with the points of the path and what is measured at them. The sum is over whole fits that
walk their path once.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.against import HERE, run_in
from hpme.datasets import EMBEDDED
from hpme.shell.terminal import bar, print_table

TIMED = """
import json, sys, time, torch
from hpme import HPME, HPMEConfig, load_classifier, load_dataset

torch.set_num_threads(1)
name, steps = sys.argv[1], int(sys.argv[2])
data, seen, whole = load_dataset(name), [], HPMEConfig()
total = whole.steps(len(data.train))
points = max(1, round(steps * whole.checkpoints / total))
config = HPMEConfig(rounds=1, min_steps=steps, price_low=0.3, price_high=0.3, checkpoints=points)
HPME(load_classifier(name), config).fit(data.train, lambda *_: seen.append(time.process_time()))
print(json.dumps({"step": (seen[-1] - seen[0]) / (len(seen) - 1), "steps": total}))
"""


def compare(checkout: Path, name: str, steps: int, turns: int) -> dict[str, Any]:
    """Returns a dataset's row: milliseconds of a step in both versions, and seconds of a fit."""
    least = dict[str, float]()
    for _ in range(turns):
        for version, folder in (("before", checkout), ("now", HERE)):
            run = run_in(folder, TIMED, name, str(steps))
            least[version] = min(run["step"], least.get(version, run["step"]))
    row = {"dataset": name, "steps of a fit": int(run["steps"])}
    row |= {f"{version}, ms a step": 1000 * step for version, step in least.items()}
    return row | {"faster": least["before"] / least["now"]}


def in_sum(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns the row of all: steps together, their mean milliseconds, and how much faster their sum is."""
    count = sum(row["steps of a fit"] for row in rows)
    means = {
        key: sum(row[key] * row["steps of a fit"] for row in rows) / count
        for key in ("before, ms a step", "now, ms a step")
    }
    faster = means["before, ms a step"] / means["now, ms a step"]
    return {"dataset": "all", "steps of a fit": count, **means, "faster": faster}


def main(
    checkout: Annotated[Path, typer.Argument()],
    datasets: str = ",".join(EMBEDDED),
    steps: int = 40,
    turns: int = 2,
    json: bool = False,
) -> None:
    """Prints one row a dataset, and one of all."""
    rows, names = [], datasets.split(",")
    with bar("Fitting") as step:
        for name in names:
            rows.append(compare(checkout.absolute(), name, steps, turns))
            step(len(rows), len(names))
    print_table([*rows, in_sum(rows)], as_json=json)


if __name__ == "__main__":
    typer.run(main)
