"""All cases."""

from tests.forward.models.arguments import INPUTS, MODELS
from tests.forward.models.kinds import KINDS
from tests.forward.models.layers import LAYERS
from tests.forward.models.readouts import READOUTS
from tests.forward.models.tasks import TASKS

CASES = [*LAYERS, *READOUTS, *TASKS, *INPUTS, *MODELS, *KINDS]
WORKING = [case for case in CASES if case.refused is None]
REFUSED = [case for case in CASES if case.refused is not None]
