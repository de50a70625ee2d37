-- Who had bought when, how often, for how much and in what rhythm at each of several days, and what
-- did they do next? One row per day and customer.
--
-- Table      orders        customer_id VARCHAR, ordered_at DATE or TIMESTAMP in local time,
--                          amount DECIMAL(18,2): net money, negative is a refund, 0 a free order
-- Parameters $as_of_dates  VARCHAR: the days, as 2026-09-30,2026-10-31
--            $horizon_days INTEGER: how many days after each of them are its future
--            $as_of        DATE: later rows are not seen
--
-- Rules
--   * The columns up to log_interval_sum are those of purchase_history.sql on that day, and nothing
--     after the day is in them; purchases_ahead and monetary_ahead are of the days after it alone.
--   * data_until is the last day with an order, an anonymous one too.

with {customer_days},

dates as (
    select cast(listed.day as date) as as_of
    from (select unnest(string_split(cast($as_of_dates as varchar), ',')) as day) as listed
),

known as (
    select dates.as_of, customer_days.*
    from dates
    inner join customer_days on customer_days.day <= dates.as_of
),

{histories},

ahead as (
    select
        dates.as_of,
        customer_days.customer_id,
        count(*) filter (where customer_days.is_purchase) as purchase_days,
        sum(customer_days.money) as money
    from dates
    inner join customer_days
        on customer_days.day > dates.as_of
        and date_diff('day', dates.as_of, customer_days.day) <= cast($horizon_days as integer)
    group by dates.as_of, customer_days.customer_id
),

covered as (
    select max(cast(ordered_at as date)) as last_day
    from orders
    where cast(ordered_at as date) <= cast($as_of as date)
)

select
    histories.*,
    coalesce(ahead.purchase_days, 0) as purchases_ahead,
    cast(coalesce(ahead.money, 0) as double) as monetary_ahead,
    covered.last_day as data_until
from histories
cross join covered
left join ahead on ahead.as_of = histories.as_of and ahead.customer_id = histories.customer_id
order by histories.as_of, histories.customer_id
