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

with {customer_days},

known as (
    select cast($as_of as date) as as_of, customer_days.*
    from customer_days
    where
        cast($window_days as integer) is null
        or date_diff('day', day, cast($as_of as date)) < cast($window_days as integer)
),

{histories}

select *
from histories
order by customer_id
