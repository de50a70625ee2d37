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

with {customer_days},

since_first as (
    select day, min(day) over (partition by customer_id) as first_day
    from customer_days
    where is_purchase
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
