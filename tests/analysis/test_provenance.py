import json

from hpme import HPME, HPMEConfig
from hpme.analysis.provenance import LIBRARIES, provenance
from hpme.forward.fingerprint import fingerprint


def test_provenance_names_the_choice_the_weights_the_settings_and_the_versions(feature_sum):
    facts = provenance(feature_sum, HPME(feature_sum, HPMEConfig(seed=3)), {"graph": 7, "nodes": None})
    assert (facts["graph"], facts["nodes"]) == (7, None)
    assert facts["classifier"] == fingerprint(feature_sum)
    assert facts["config"]["seed"] == 3
    assert {"python", *LIBRARIES} == facts["versions"].keys()
    assert json.loads(json.dumps(facts)) == facts


def test_an_explainer_without_settings_has_none_in_its_provenance(feature_sum):
    assert provenance(feature_sum, object(), {})["config"] == {}
