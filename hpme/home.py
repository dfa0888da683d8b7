"""Where the pages, weights and settings lie: in the clone, or with the data of an installed package."""

import sysconfig
from pathlib import Path

_CLONE = Path(__file__).resolve().parents[1]
HOME = _CLONE if (_CLONE / "app.py").is_file() else Path(sysconfig.get_path("data")) / "share" / "hpme"
