"""Which of the good rows of an order book count: which are sales, once, in one currency, on real days?

In this order: the same order in two files, sale or not, the order's total on each of its lines,
refunds, currency, dates. Rows that do not count are kept apart with their reason; nothing is decided
in silence. The words stand in ``statuses.csv``.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from workbench import errors, schema
from workbench.loaders.account import repeats
from workbench.loaders.cast import headers, lists, numbers
from workbench.loaders.cast.mapping import Resolved
from workbench.loaders.cast.staged import Casts, Run
from workbench.loaders.cast.texts import Seen
from workbench.loaders.open import parquet
from workbench.loaders.open.sql import literal

# The times by which a row may be implausible; who was recorded long ago is no mistake.
DATED_BY = ("ordered_at", "touched_at", "created_on")
_FIRST_DAY = "1990-01-01"
_DAYS_AFTER = 366
_LAST_DAY = dt.date.max - dt.timedelta(days=_DAYS_AFTER)
_COUNTED = "texts IS NULL AND apart IS NULL AND rowid NOT IN (SELECT rid FROM excluded)"
# Also what is no sale and lacks its amount: a later file may say so of an earlier sale.
_WHOLE = "texts IS NULL AND (apart IS NULL OR apart = 'no_sale')"
# How sure it has to be that an order's total stands on each of its lines.
_SHARE_ALIKE = 0.9
# What a status is called whose negative row is the refund itself.
_REFUND = r"(?i)refund|return|revers|charged? ?back|erstatte|退款|退货|退貨|冲正"
_WORTH_TELLING = 50
_OFTEN, _MOST_DAYS = 0.05, 0.5


def exclude(run: Run, casts: Casts, several: bool) -> dict[str, Any]:
    """Keep apart what does not count, and say what was found: entries of the ledger.

    Raises
    ------
    ContractError
        It cannot be known whether amounts are lines' or orders', or there are two currencies.
    """
    names = casts.values()
    entries: dict[str, Any] = {}
    if run.table.name == "orders":
        if several:
            entries |= _later_files(run, names)
        entries |= _sales(run, names, casts)
        if "order_id" in names:
            entries |= _totals(run, names, casts.resolved)
        entries |= _currency(run, names, casts)
    return entries | _dates(run, names)


def is_asked(run: Run, resolved: Resolved, file: parquet.ParquetFile) -> bool:
    """May rows have to be kept apart or added, so that a file does not serve where it lies?"""
    options = run.options
    names = {m.column.name: f"c{m.positions[0]}" for m in resolved.columns}
    said = {"status", "direction", "currency", "refunded_amount"}
    if (
        (run.table.name == "orders" and said & names.keys())
        or options.where or options.fill_down or options.distinct or options.id_case
    ):  # fmt: skip
        return True
    dated = next((name for name in DATED_BY if name in names), None)
    if dated and is_dated(run.table, names):
        at = names[dated]
        first, last = run.row(f"SELECT min({at}), max({at}) FROM {file.relation}")
        bounds = options.plausible or (_FIRST_DAY, last_day(run, at, file.relation, "true"))
        if first and not bounds[0] <= str(first)[:10] <= str(last)[:10] <= str(bounds[1]):
            return True
    order = names.get("order_id") if run.table.name == "orders" else None
    return order is not None and bool(
        len(
            repeats.met_again(
                run.connection, f"hash({order})", f"{file.relation} WHERE {order} IS NOT NULL"
            )
        )
    )


def _keep_apart(run: Run, reason: str, condition: str) -> int:
    """Exclude the counted rows that meet a condition, and count them."""
    run.connection.execute(
        f"INSERT INTO excluded SELECT rowid, {literal(reason)} FROM staged "
        f"WHERE {_COUNTED} AND ({condition})"
    )
    count: int = run.row(f"SELECT count(*) FROM excluded WHERE reason = {literal(reason)}")[0]
    return count


def _later_files(run: Run, names: Mapping[str, str]) -> dict[str, Any]:
    """Let an order of a later file replace the same one of an earlier file."""
    key = [names.get(name) for name in ("order_id", "customer_id", "ordered_at")]
    if not all(key):
        return {"replaced_orders": 0, "added_orders": 0}
    order, customer, at = map(str, key)
    whole = f"{order}, {customer}, {at}"
    again = repeats.met_again(
        run.connection, f"hash({whole})", f"staged WHERE {_WHOLE} AND {customer} IS NOT NULL"
    )
    repeats.with_suspects(run.connection, again)
    last = run.options.plausible[1] if run.options.plausible else last_day(run, at)
    # the newest plausible day inside says which file is the later one, then its name
    run.connection.execute(
        "CREATE OR REPLACE TEMP TABLE ranks AS SELECT part, row_number() OVER "
        f"(ORDER BY max({at}) FILTER ({at} < DATE {literal(last or '9999-12-31')} + INTERVAL 1 DAY), "
        f"part) AS rank, arg_min({order}, place) AS first, arg_max({order}, place) AS last "
        f"FROM staged WHERE {_WHOLE} GROUP BY part"
    )
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE met AS SELECT {order} AS o, {customer} AS c, {at} AS t, "
        f"part, rank, count(*) AS n, coalesce(min({names['amount']}), 0) AS least, "
        f"sum({names['amount']}) AS money, "
        f"o = any_value(first) AS is_first, o = any_value(last) AS is_last "
        f"FROM (FROM staged WHERE {_WHOLE} AND {customer} IS NOT NULL AND {order} IS NOT NULL "
        f"AND hash({whole}) IN (SELECT h FROM suspects)) JOIN ranks USING (part) "
        "GROUP BY o, c, t, part, rank"
    )
    stated = run.options.same_order
    may = {
        "replace": "true",
        "add": "false",
        # the last of one file and the first of the next may be two parts of one order
        None: "b.n >= a.n AND least(a.least, b.least) >= 0 "
        "AND NOT (a.is_last AND b.is_first AND b.rank = a.rank + 1 AND a.money <> b.money)",
    }[stated]
    run.connection.execute(
        "CREATE OR REPLACE TEMP TABLE pairs AS SELECT a.*, bool_or("
        f"{may}) AS goes FROM met a JOIN met b ON a.o = b.o AND a.c = b.c AND a.t = b.t "
        "AND b.rank > a.rank GROUP BY ALL"
    )
    _keep_apart(
        run,
        "replaced",
        f"(part, {order}, {customer}, {at}) IN (SELECT (part, o, c, t) FROM pairs WHERE goes)",
    )
    goes, stays = run.row(
        "SELECT count(DISTINCT (o, c, t)) FILTER (goes), count(DISTINCT (o, c, t)) FILTER (NOT goes) "
        "FROM pairs"
    )
    return {"replaced_orders": goes, "added_orders": stays}


def _sales(run: Run, names: Mapping[str, str], casts: Casts) -> dict[str, Any]:
    """Keep apart what is no sale, by its status and its direction."""
    told: dict[str, Any] = {"no_sale": 0 if casts.means else None}
    words_said: dict[str, list[Any]] = {}
    amount, order, who = names["amount"], names.get("order_id", "NULL"), names["customer_id"]
    none = " OR ".join(f"({means}) = 'no_sale'" for means in casts.means.values())
    if none:
        words = " OR ".join(
            f"regexp_matches({names[column]}, {literal(_REFUND)})" for column in casts.means
        )
        # a negative row is a refund, whatever it is called; the sale that it takes off stays, so
        # that one of the two takes it off, never both
        none = f"coalesce({none}, false) AND NOT ({amount} < 0 AND coalesce({words}, false))"
        key = f"coalesce('o' || {order}, 'c' || {who} || '|' || abs({amount}))"
        taken = f"SELECT {key} FROM staged WHERE {_COUNTED} AND {amount} < 0 AND NOT ({none})"
        own = f"{amount} > 0 AND coalesce({key} IN (FROM ({taken})), false)"
        _keep_apart(run, "no_sale", f"({none}) AND NOT ({own})")
        told["no_sale"] = run.row(
            "SELECT (SELECT count(*) FROM excluded WHERE reason = 'no_sale') "
            "+ (SELECT count(*) FROM staged WHERE apart = 'no_sale')"
        )[0]
    for column, means in casts.means.items():
        rows = run.connection.execute(
            f"SELECT {names[column]}, any_value({means}), count(*), count(*) FILTER ({_COUNTED}) "
            f"FROM staged WHERE ({_COUNTED} OR apart = 'no_sale' OR rowid IN "
            f"(SELECT rid FROM excluded WHERE reason = 'no_sale')) AND {means} IS NOT NULL "
            "GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for word, meant, many, kept in rows:
            is_kept = meant == "no_sale" and kept == many
            known = words_said.setdefault(word, [0, "sale" if is_kept else meant])
            known[0] += many
    if casts.means:
        for name in ("unknown", "open"):
            told[f"{name}_statuses"] = sum(n for n, meant in words_said.values() if meant == name)
    return {**told, "statuses": words_said}


def _totals(run: Run, names: Mapping[str, str], resolved: Resolved) -> dict[str, Any]:
    """Let an order's total that stands on each of its lines count once, if that is stated."""
    order, amount = names["order_id"], names["amount"]
    # of one customer, and of a refund apart: it has lines, too
    key = f"({order}, {names['customer_id']}, {amount} > 0)"
    source = f"staged WHERE {_COUNTED} AND {order} IS NOT NULL"
    again = repeats.met_again(run.connection, f"hash({order})", source)
    asked = run.options.amount_is
    if not len(again):
        return {"order_totals": 0} if asked == "order" else {}
    repeats.with_suspects(run.connection, again)
    several = (
        f"SELECT {key} AS k, count(*) AS n, min({amount}) = max({amount}) AS alike, "
        f"count(DISTINCT h) > 1 AS differ, min(rowid) AS first FROM {source} "
        f"AND {amount} <> 0 AND hash({order}) IN (SELECT h FROM suspects) GROUP BY k HAVING n > 1"
    )
    if asked == "order":
        run.connection.execute(f"CREATE OR REPLACE TEMP TABLE several AS {several}")
        once = _keep_apart(
            run,
            "order_total",
            f"{amount} <> 0 AND EXISTS (SELECT 1 FROM several WHERE alike AND first <> staged.rowid "
            f"AND k IS NOT DISTINCT FROM {key})",
        )
        added = run.row("SELECT count(*) FROM several WHERE NOT alike")[0]
        return {"order_totals": once, "orders_added_up": added}
    orders, alike, longest = run.row(
        f"SELECT count(*), count(*) FILTER (alike AND differ), max(n) FILTER (alike AND differ) "
        f"FROM ({several})"
    )
    source_of = next(m for m in resolved.columns if m.column.name == "amount")
    is_total = len(source_of.positions) == 1 and headers.any_of(
        "orders", "order_total", [source_of.source]
    )
    enough = 1 if is_total or (longest or 0) >= 3 else 2
    if asked is None and alike >= enough and alike >= _SHARE_ALIKE * orders:
        raise errors.ContractError(
            f"{run.table.name}: in {alike:,} of {orders:,} orders with several rows, each row has "
            f"the same '{source_of.source}': is that the order's total, or each line's amount?",
            mend="State it: amount_is='order' counts it once per order, amount_is='line' adds the "
            "rows up; on the command line --amount-is order or --amount-is line.",
        )
    return {}


def refunds(names: Mapping[str, str]) -> str | None:
    """Write the rows that a column of refunds adds: negative ones of the same order and day."""
    if not {"refunded_amount", "amount"} <= names.keys():
        return None
    refunded, amount, order = names["refunded_amount"], names["amount"], names.get("order_id")
    # of one customer: numbers may begin anew
    group = f"coalesce({order}, 'row ' || rowid), {names['customer_id']}" if order else "rowid"
    changed = {name: f"arg_min({value}, rowid)" for name, value in names.items()}
    # on each line the same: it is the order's; else the lines' add up
    paid = (
        f"CASE WHEN count(DISTINCT {refunded}) = 1 THEN max(abs({refunded})) "
        f"ELSE sum(abs({refunded})) END"
    )
    changed["amount"] = f"-least({paid}, sum({amount}))"
    changed["refunded_amount"] = "NULL"
    columns = ", ".join(f'{value} AS "{name}"' for name, value in changed.items())
    return (
        f"SELECT {columns} FROM staged WHERE {_COUNTED} GROUP BY {group} "
        # a row of its own may have taken it off already; a discount has not
        f"HAVING {paid} > 0 AND sum({amount}) > 0 "
        f"AND coalesce(-sum({amount}) FILTER ({amount} < 0), 0) < {paid}"
    )


def _currency(run: Run, names: Mapping[str, str], casts: Casts) -> dict[str, Any]:
    """Refuse sales in two currencies, wherever the currency stands."""
    if (value := names.get("currency")) is None:
        return {}
    rows = run.connection.execute(
        f"SELECT upper(trim({value})), count(*), min({value}) FROM staged "
        f"WHERE {_COUNTED} AND {value} IS NOT NULL GROUP BY ALL ORDER BY 2 DESC, 1"
    ).fetchall()
    none = {row["word"].upper() for row in lists.rows("nobody.csv")}
    said = {money: Seen(count, example) for money, count, example in rows if money not in none}
    if found := casts.entries.get("currency"):
        said.setdefault(found, Seen(0, found))
    header = casts.resolved.sources["currency"]
    try:
        return {"currency": numbers.one_currency(said, f"'{header}'", strict=True)}
    except errors.ContractError as error:
        first = next(entry.example for entry in said.values())
        mend = f"Load one currency: where={{'{header}': '{first}'}}; or convert at the source."
        raise errors.ContractError(f"{run.table.name}: {error.what}", mend=mend) from None


def is_dated(table: schema.Table, names: Mapping[str, str]) -> bool:
    """Is a row of this table implausible if its day is? Who was recorded long ago may be."""
    return table.name != "customers" and bool({*DATED_BY} & names.keys())


def _dates(run: Run, names: Mapping[str, str]) -> dict[str, Any]:
    """Keep apart the rows of days that cannot be."""
    dated = next((name for name in DATED_BY if name in names), None)
    if dated is None or not is_dated(run.table, names):
        return {}
    at = names[dated]
    first, last = run.options.plausible or (_FIRST_DAY, last_day(run, at))
    if last is None:
        return {"implausible_dates": 0}
    odd = f"{at} < DATE {literal(first)} OR {at} >= DATE {literal(last)} + INTERVAL 1 DAY"
    return {"implausible_dates": _keep_apart(run, "implausible", odd)}


def last_day(run: Run, at: str, relation: str = "staged", counted: str = _COUNTED) -> str | None:
    """Which day is a year after that below which nine tenths of the rows lie?"""
    days = run.connection.execute(
        f"SELECT CAST({at} AS DATE) AS d, count(*) FROM {relation} WHERE {counted} "
        f"AND {at} IS NOT NULL GROUP BY d ORDER BY d"
    ).fetchall()
    place = int(0.9 * (sum(many for _, many in days) - 1))
    for day, many in days:
        place -= many
        if place < 0:
            last: dt.date = min(day, _LAST_DAY) + dt.timedelta(days=_DAYS_AFTER)
            return last.isoformat()
    return None


def ids(run: Run, names: Mapping[str, str], relation: str, kept: str) -> dict[str, Any]:
    """Which ids differ only in case, and which is held by more rows than any customer's would be?"""
    entries: dict[str, Any] = {}
    column = "customer_id" if "customer_id" in names else run.table.key
    if (value := names.get(column or "")) is None:
        return entries
    lower, upper = run.row(
        f"SELECT count(*) FILTER ({value} <> upper({value})), "
        f"count(*) FILTER ({value} <> lower({value})) FROM {relation} WHERE {kept}"
    )
    entries["case_ids"] = 0
    if lower and upper:
        entries["case_ids"] = run.row(
            f"SELECT coalesce(sum(n), 0) FROM (SELECT count(DISTINCT {value}) AS n FROM {relation} "
            f"WHERE {kept} AND {value} IS NOT NULL GROUP BY lower({value}) HAVING n > 1)"
        )[0]
    at = names.get("ordered_at")
    if run.table.name == "orders" and at:
        rows, everybody, days = run.row(
            f"SELECT count({value}), approx_count_distinct({value}), count(DISTINCT CAST({at} AS DATE)) "
            f"FROM {relation} WHERE {kept}"
        )
        entries["suspicious_ids"] = {}
        if everybody >= _WORTH_TELLING * 0.8 and rows:
            found = run.connection.execute(
                f"SELECT {value}, count(*) AS n FROM {relation} WHERE {kept} AND {value} IS NOT NULL "
                f"GROUP BY 1 HAVING n > {_OFTEN} * {rows} AND count(DISTINCT CAST({at} AS DATE)) "
                f"> {_MOST_DAYS} * {days} ORDER BY n DESC, 1"
            ).fetchall()
            exact = run.row(f"SELECT count(DISTINCT {value}) FROM {relation} WHERE {kept}")[0]
            entries["suspicious_ids"] = dict(found) if exact >= _WORTH_TELLING else {}
    return entries
