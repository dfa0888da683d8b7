"""Files of any size explained in parts: many processes, Parquet out, and on where it stopped."""

from hpme import checks

checks.installed("batch jobs", "pyarrow", extra="batch")

from hpme.batch.config import BatchConfig
from hpme.batch.job import run_batch
from hpme.batch.summary import BatchSummary

__all__ = ["BatchConfig", "BatchSummary", "run_batch"]
