-- How many first and how many repeat purchases did a cohort of customers make on each day?
--
-- Table      orders        customer_id VARCHAR, ordered_at DATE or TIMESTAMP in local time,
--                          amount DECIMAL(18,2): net money, negative is a refund, 0 a free order
-- Parameters $as_of        DATE: later rows are not seen
--            $cohort_until DATE or NULL: only customers whose first purchase was by then
--
-- Rules
--   * A purchase is a purchase day, as in purchase_history.sql.
--   * Rows without a customer id are anonymous sales: part of no history.

with customer_days as (
    select customer_id, cast(ordered_at as date) as day
    from orders
    where trim(customer_id) <> '' and cast(ordered_at as date) <= cast($as_of as date)
    group by customer_id, cast(ordered_at as date)
    -- no refund that day, or more money than was refunded
    having min(amount) >= 0 or sum(amount) > 0
),

since_first as (
    select day, min(day) over (partition by customer_id) as first_day
    from customer_days
)

select
    day,
    count(*) filter (where day = first_day) as first_purchases,
    count(*) filter (where day > first_day) as repeat_purchases
from since_first
where
    cast($cohort_until as date) is null
    or first_day <= cast($cohort_until as date)
group by day
order by day
