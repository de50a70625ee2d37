"""Where is each bar of a histogram drawn, and which round values mark its axes?"""

import math

import pandas as pd


def drawn_bins(histogram: pd.DataFrame) -> pd.DataFrame:
    """Where is each bin of a histogram drawn? An open last bin gets the width of the others.

    Adds ``end``, ``width``, ``middle``, ``is_open``, ``usual`` (the most frequent width) and
    ``height``: customers per usual width, so that a bin cut in two is no dent in the shape.

    Examples
    --------
    >>> bins = pd.DataFrame({"left": [0.0, 1.0], "right": [1.0, float("inf")], "customers": [4, 2]})
    >>> drawn_bins(bins)["end"].tolist()
    [1.0, 2.0]
    """
    bins = histogram.sort_values("left").reset_index(drop=True)
    right = bins["right"].astype("float64")
    is_open = ~right.map(math.isfinite)
    widths = (right - bins["left"])[~is_open].round(9)
    usual = float(widths.mode().max()) if len(widths) else 1.0
    end = right.where(~is_open, bins["left"] + usual)
    width = end - bins["left"]
    return bins.assign(
        is_open=is_open,
        end=end,
        width=width,
        middle=(bins["left"] + end) / 2,
        # rounded: 1.3 - 1.2 is not 0.1 in floating point, yet such a bin is a whole one
        height=(bins["customers"] * (usual / width).round(9)).astype("float64"),
        usual=usual,
    )


def folded(bins: pd.DataFrame) -> pd.DataFrame:
    """Which bins are drawn one by one? Where a few customers stretch the axis, they share the last.

    Half of the customers get an eighth of the axis or more: bins from beyond the 95th, else the
    90th … at most the 75th percent of the customers are folded into an open one.

    Examples
    --------
    >>> bins = pd.DataFrame({"left": range(20), "right": range(1, 21),
    ...                      "customers": [90, 8] + [0] * 17 + [2]})
    >>> folded(bins)[["left", "right", "customers"]].iloc[-1].tolist()
    [2.0, inf, 2.0]
    """
    bins = bins.sort_values("left").reset_index(drop=True)
    if len(bins) < 3:
        return bins
    held = bins["customers"].cumsum() / max(int(bins["customers"].sum()), 1)
    left = bins["left"].astype("float64")
    half = float(left[int((held >= 0.5).to_numpy().argmax()) + 1 :].head(1).sum()) - left[0]
    last = len(bins) - 1
    for keep in (0.95, 0.9, 0.85, 0.8, 0.75):
        if half >= (left[last] - left[0]) / 8:
            break
        last = min(int((held >= keep).to_numpy().argmax()) + 1, last)
    if last == len(bins) - 1:
        return bins
    tail = bins.iloc[[last]].assign(right=math.inf, customers=int(bins["customers"][last:].sum()))
    return pd.concat([bins.iloc[:last], tail], ignore_index=True)


def ticks(top: float, *, at_most: int = 4) -> list[float]:
    """Which round values mark an axis from zero to ``top``?

    Examples
    --------
    >>> ticks(118)
    [0, 50, 100]
    >>> ticks(3)
    [0, 1, 2, 3]
    """
    if not top > 0:
        return [0]
    step = 1
    while top / step > at_most:
        text = str(step)
        step = step * 5 // 2 if text[0] == "2" else step * 2
    return [step * mark for mark in range(int(top // step) + 1)]
