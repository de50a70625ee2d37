"""A figure in the colours of dark paper, as the page turns it: each one looked up in ``DARK``."""

import plotly.graph_objects as go

from workbench.charts import style


def themed(figure: go.Figure, scheme: style.Scheme) -> go.Figure:
    drawn = figure.to_dict()
    return go.Figure(_recoloured(drawn) if scheme == "dark" else drawn)


def _recoloured(part):
    if isinstance(part, str):
        return style.DARK.get(part.lower(), part)
    if isinstance(part, dict):
        return {key: _recoloured(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_recoloured(value) for value in part]
    return part
