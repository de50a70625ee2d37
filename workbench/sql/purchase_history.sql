-- Who bought when, how often, for how much and in what rhythm? One row per customer.
--
-- Table      orders       customer_id VARCHAR, ordered_at DATE or TIMESTAMP in local time,
--                         amount DECIMAL(18,2): net money, negative is a refund, 0 a free order
-- Parameters $as_of       DATE: the day the figures are for; later rows are not seen
--            $window_days INTEGER or NULL: only the last so many days, $as_of included
--
-- Rules
--   * Orders of one customer on one day are one purchase; refunds net off that day.
--   * A day is a purchase day unless refunds that day bring it to zero or less; a free order
--     is a purchase. A day that is no purchase still lowers the money.
--   * A customer without a purchase day keeps a row, with frequency 0.
--   * Rows without a customer id are anonymous sales: part of no history.
--
-- Written so that DuckDB and Spark agree: day differences of dates only, never of timestamps,
-- no list aggregates, divisions guarded and in DOUBLE, money DECIMAL until the last select.

with customer_days as (
    select
        customer_id,
        cast(ordered_at as date) as day,
        sum(amount) as money,
        -- min(amount) >= 0: no refund that day, so even a day of free orders only is a purchase
        min(amount) >= 0 or sum(amount) > 0 as is_purchase
    from orders
    where
        trim(customer_id) <> ''
        and cast(ordered_at as date) <= cast($as_of as date)
        and (
            cast($window_days as integer) is null
            or date_diff('day', cast(ordered_at as date), cast($as_of as date))
                < cast($window_days as integer)
        )
    group by customer_id, cast(ordered_at as date)
),

-- Purchase days numbered from the newest; days that are no purchase stand apart.
numbered as (
    select
        customer_id,
        day,
        money,
        is_purchase,
        row_number() over newest_first as days_back,
        lead(day) over newest_first as previous_day
    from customer_days
    window newest_first as (partition by customer_id, is_purchase order by day desc)
),

customers as (
    select
        customer_id,
        min(day) filter (where is_purchase) as first_day,
        max(day) filter (where is_purchase) as last_day,
        count(*) filter (where is_purchase) as purchase_days,
        sum(money) as money,
        sum(money) filter (where is_purchase and previous_day is null) as first_money,
        sum(money) filter (where is_purchase and previous_day is not null) as repeat_money,
        max(date_diff('day', previous_day, day)) filter (where is_purchase and days_back = 1)
            as interval_1,
        max(date_diff('day', previous_day, day)) filter (where is_purchase and days_back = 2)
            as interval_2,
        max(date_diff('day', previous_day, day)) filter (where is_purchase and days_back = 3)
            as interval_3,
        -- decimals, since a sum of floats depends on the order of the rows
        sum(cast(ln(cast(date_diff('day', previous_day, day) as double)) as decimal(18, 9)))
            filter (where is_purchase) as log_intervals
    from numbered
    group by customer_id
)

select
    customer_id,
    cast($as_of as date) as as_of,
    first_day as first_purchase_date,
    last_day as last_purchase_date,
    date_diff('day', last_day, cast($as_of as date)) as days_since_last,
    purchase_days as frequency,
    cast(money as double) as monetary,
    interval_1,
    interval_2,
    interval_3,
    -- the newest three intervals, or as many as there are
    cast(coalesce(interval_1, 0) + coalesce(interval_2, 0) + coalesce(interval_3, 0) as double)
        / nullif(least(greatest(purchase_days - 1, 0), 3), 0) as mean_interval_days,
    least(greatest(purchase_days - 1, 0), 3) as interval_count,
    date_diff('day', first_day, cast($as_of as date)) as customer_age_days,
    cast(first_money as double) as first_purchase_amount,
    cast(coalesce(repeat_money, 0) as double) as repeat_monetary,
    -- all intervals in days, not the newest three alone: how regular they are
    cast(coalesce(log_intervals, 0) as double) as log_interval_sum
from customers
order by customer_id
