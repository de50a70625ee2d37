-- When did each customer buy for the first time, and when for the second?
--
-- Table      orders        customer_id VARCHAR, ordered_at DATE or TIMESTAMP in local time,
--                          amount DECIMAL(18,2): net money, negative is a refund, 0 a free order
-- Parameters $as_of        DATE: later rows are not seen
--
-- Rules
--   * A purchase is a purchase day, as in purchase_history.sql.
--   * Rows without a customer id are anonymous sales: part of no history.

with {customer_days},

numbered as (
    select
        customer_id,
        day,
        row_number() over (partition by customer_id order by day) as purchase
    from customer_days
    where is_purchase
)

select
    customer_id,
    min(day) filter (where purchase = 1) as first_purchase_date,
    min(day) filter (where purchase = 2) as second_purchase_date
from numbered
group by customer_id
order by customer_id
