"""Where do the tables come from, and which thresholds does this company use?

``workbench.toml`` says it once; :func:`load` reads it into frozen, typed :class:`Settings`, and
:func:`save_table` writes one table's entry back, comments kept. A key that does not exist, a value
that makes no sense: the message names file, line and section.
"""

from workbench.config.defaults import settings_as_toml
from workbench.config.sections import (
    FILE_NAME,
    ChurnSettings,
    Contacts,
    NurtureSettings,
    PrivacySettings,
    ReportSettings,
    RFMSettings,
    Settings,
    TableSettings,
    TargetSettings,
    WorklistSettings,
    with_variables,
)
from workbench.config.settings_file import find, load, required
from workbench.config.writing import save_new, save_table, table_as_toml
from workbench.load_options import time_zone

__all__ = [
    "FILE_NAME", "ChurnSettings", "Contacts", "NurtureSettings", "PrivacySettings", "RFMSettings",
    "ReportSettings", "Settings", "TableSettings", "TargetSettings", "WorklistSettings", "find", "load",
    "required", "save_new", "save_table", "settings_as_toml", "table_as_toml", "time_zone",
    "with_variables",
]  # fmt: skip
__dir__ = __all__.copy
