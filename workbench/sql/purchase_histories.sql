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

with dates as (
    select cast(listed.day as date) as as_of
    from (select unnest(string_split(cast($as_of_dates as varchar), ',')) as day) as listed
),

customer_days as (
    select
        customer_id,
        cast(ordered_at as date) as day,
        sum(amount) as money,
        min(amount) >= 0 or sum(amount) > 0 as is_purchase
    from orders
    where trim(customer_id) <> '' and cast(ordered_at as date) <= cast($as_of as date)
    group by customer_id, cast(ordered_at as date)
),

known as (
    select dates.as_of, customer_days.*
    from dates
    inner join customer_days on customer_days.day <= dates.as_of
),

numbered as (
    select
        as_of,
        customer_id,
        day,
        money,
        is_purchase,
        row_number() over newest_first as days_back,
        lead(day) over newest_first as previous_day
    from known
    window newest_first as (partition by as_of, customer_id, is_purchase order by day desc)
),

customers as (
    select
        as_of,
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
    group by as_of, customer_id
),

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
    customers.customer_id,
    customers.as_of,
    customers.first_day as first_purchase_date,
    customers.last_day as last_purchase_date,
    date_diff('day', customers.last_day, customers.as_of) as days_since_last,
    customers.purchase_days as frequency,
    cast(customers.money as double) as monetary,
    interval_1,
    interval_2,
    interval_3,
    cast(coalesce(interval_1, 0) + coalesce(interval_2, 0) + coalesce(interval_3, 0) as double)
        / nullif(least(greatest(customers.purchase_days - 1, 0), 3), 0) as mean_interval_days,
    least(greatest(customers.purchase_days - 1, 0), 3) as interval_count,
    date_diff('day', customers.first_day, customers.as_of) as customer_age_days,
    cast(first_money as double) as first_purchase_amount,
    cast(coalesce(repeat_money, 0) as double) as repeat_monetary,
    cast(coalesce(log_intervals, 0) as double) as log_interval_sum,
    coalesce(ahead.purchase_days, 0) as purchases_ahead,
    cast(coalesce(ahead.money, 0) as double) as monetary_ahead,
    covered.last_day as data_until
from customers
cross join covered
left join ahead on ahead.as_of = customers.as_of and ahead.customer_id = customers.customer_id
order by customers.as_of, customers.customer_id
