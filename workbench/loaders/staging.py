"""How do the rows of one source become values, whatever way its dates and numbers are written?"""

import dataclasses
from collections.abc import Mapping

import duckdb

from workbench.loaders import casting, checking, dates, forms
from workbench.loaders.checking import Casts, Source
from workbench.loaders.forms import Counted, Forms
from workbench.loaders.mapping import Resolved
from workbench.loaders.options import Options

_Connection = duckdb.DuckDBPyConnection


def stage(
    connection: _Connection, source: Source, resolved: Resolved, options: Options, named: str
) -> Casts:
    """Read a source into ``staged``, and give the casts it was read with.

    What a sample shows to be ISO and plain is read at once. All values are counted first where
    the sample shows another form, or afterwards where a rejected row does.

    Raises
    ------
    ContractError
        Dates or numbers may be read in two ways, and nothing is stated.
    """
    times = options.times
    known = {place for place, cell in source.real.items() if cell == "true"} | source.typed_times
    kinds = forms.kinds_asked(resolved, known=known, date_format=times.date_format)
    stated = _stated(resolved, options, named)

    def decide(counted: Counted) -> Forms:
        found = forms.decide(
            counted,
            kinds,
            resolved,
            table=options.table.name,
            named=named,
            decimal=options.decimal,
            day_first=options.day_first,
            zone=times.local_zone,
        )
        return dataclasses.replace(found, dates={**found.dates, **stated})

    def read(found: Forms) -> Casts:
        casts = checking.casts(resolved, source, options, found)
        checking.stage(connection, source, casts)
        return casts

    sample = _count(connection, source, kinds, limit=forms.SAMPLE_ROWS)
    if not forms.is_as_it_stands(sample, kinds, options.decimal):
        return read(decide(_count(connection, source, kinds)))
    found = decide(sample)
    casts = read(found)
    if not checking.count(connection)[1]:
        return casts
    bad = _count(connection, checking.bad_cells(casts), kinds)
    if not forms.is_promising(bad, kinds, found):
        return casts
    return read(decide(_count(connection, source, kinds)))


def _stated(resolved: Resolved, options: Options, named: str) -> dict[int, dates.DateForm]:
    """Give the form of each column of dates that ``date_format`` names by a word."""
    form, zone = options.times.date_format, options.times.local_zone
    columns = [mapped for mapped in resolved.columns if mapped.column.type in forms.DATED]
    known: dict[int, dates.DateForm] = {}
    for mapped in columns:
        where = f"{options.table.name}: column '{mapped.said}' of '{named}'"
        found = dates.stated(form, where, zone) if form is not None else None
        if found is not None:
            known[mapped.positions[0]] = found
    return known


def _count(
    connection: _Connection,
    source: Source,
    kinds: Mapping[int, str],
    *,
    limit: int | None = None,
) -> Counted:
    relation = f"(FROM {source.relation} LIMIT {limit})" if limit else source.relation
    cells = {place: casting.trimmed(source.cells[place]) for place in kinds}
    return forms.count(connection, relation, cells, source.real, kinds)
