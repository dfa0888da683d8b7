"""All cases."""

from tests.forward.models.arguments import INPUTS
from tests.forward.models.kinds import KINDS
from tests.forward.models.layers import LAYERS
from tests.forward.models.readouts import READOUTS
from tests.forward.models.tasks import TASKS
from tests.forward.models.transforms import TRANSFORMS
from tests.forward.models.wrappers import MODELS

CASES = [*LAYERS, *READOUTS, *TASKS, *INPUTS, *TRANSFORMS, *MODELS, *KINDS]
WORKING = [case for case in CASES if case.refused is None]
REFUSED = [case for case in CASES if case.refused is not None]
