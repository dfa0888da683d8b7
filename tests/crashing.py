"""Workers that die of a molecule, as they would of a fault in a library."""

import os
from pathlib import Path

from hpme.batch import explaining, workers
from hpme.batch.on_ray import Actor

DEADLY = "C#CC#N"
LIGHT = str(Path(__file__).parent / "light")  # in PYTHONPATH, processes of Ray start in less time


def crashing(link, config, device):
    whole = explaining.parse_smiles
    explaining.parse_smiles = lambda text: os._exit(3) if text == DEADLY else whole(text)
    workers.work(link, config, device)


class CrashingActor(Actor):
    def __init__(self, config):
        workers._run = crashing
        super().__init__(config)
