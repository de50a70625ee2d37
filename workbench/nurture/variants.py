"""Which variant of a text does a lead get? By chance, and always the same one."""

from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors

#: Sixteen signs, as the hash wants them.
_KEY = "nurture-lo{:06}"
_MOST_SEED = 999_999


def draw(lead_id: Any, plan: Any, step: Any, of: Any, *, seed: int = 0) -> "pd.Series[int]":
    """Which of so many variants does each lead get at a step of a plan?

    The lot is a hash of seed, plan, step and lead: it does not depend on the order of rows, on who
    else is enrolled or on when it is asked, and each variant is equally likely.

    Parameters
    ----------
    lead_id, plan, step
        One of each per row.
    of
        How many variants there are, one number or one per row.
    seed
        Another seed draws other lots.

    Returns
    -------
    pandas.Series
        A number from 0 up to below ``of``, per row.

    Raises
    ------
    ParameterError
        The seed is no whole number from 0 to 999,999, or there is no variant to draw from.

    Examples
    --------
    >>> draw(["L1", "L2", "L3", "L4"], "Wake-up", 1, 2).tolist()
    [1, 0, 1, 1]
    """
    mend = f"Use a whole number from 0 to {_MOST_SEED:,}."
    arguments.whole("seed", seed, least=0, most=_MOST_SEED, mend=mend)
    leads = pd.Series(lead_id).reset_index(drop=True)
    rows = pd.DataFrame({"lead": leads.astype("str")})
    for name, values in (("plan", plan), ("step", step), ("of", of)):
        rows[name] = np.broadcast_to(np.asarray(values), len(leads))
    if len(rows) and not (rows["of"] >= 1).all():
        raise errors.ParameterError(
            f"of is {rows['of'].min()}: no variant to draw from.", mend="Give at least one."
        )
    # a sign that no id holds keeps ("1", "12") from being ("11", "2")
    words = rows["plan"].astype("str") + "\x1f" + rows["step"].astype("str") + "\x1f" + rows["lead"]
    lots = pd.util.hash_array(
        words.to_numpy(dtype=object), hash_key=_KEY.format(int(seed)), categorize=False
    )
    return pd.Series((lots % rows["of"].to_numpy(dtype="uint64")).astype("int64"), name="lot")
