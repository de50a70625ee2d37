"""What did each owner bring, of which target, and how many calls are to be made and were?"""

import pandas as pd

from workbench import targets
from workbench.exhibit import Sheet, exhibit
from workbench.people import called
from workbench.words import Words


@exhibit(
    targets.BY_OWNER, strong=["owner_name"], minor=["revenue_target"],
    columns=["owner_name", "revenue", "revenue_target", "target_share", "calls", "done"],
)  # fmt: skip
def owners(by_owner: pd.DataFrame, words: Words) -> Sheet:
    """Who brought what, of which target, and has how many calls to make?"""
    rows = by_owner.assign(owner_name=called(by_owner, "owner").fillna(words("nobody")))
    owned = rows[by_owner["owner_id"].notna()]
    aims = owned.reindex(columns=targets.AIMS).dropna(subset=["revenue_target"])
    if len(aims):
        over = aims["target_share"].notna().any()
        reached = int((aims["target_share"] >= 1).sum()) if over else None
        sentence = words("some", reached=reached, all=len(aims))
    else:
        most = owned.loc[owned["revenue"] > 0, ["owner_name", "revenue"]].head(1)
        sentence = words("few" if len(most) else "none", **dict(*most.to_dict("records")))
    return Sheet(sentence, listed=rows, subtitle=words("subtitle"), empty=words("none"))
