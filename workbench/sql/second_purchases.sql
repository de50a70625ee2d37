-- When did each customer buy for the first time, and when for the second?
--
-- Table      orders        customer_id VARCHAR, ordered_at DATE or TIMESTAMP in local time,
--                          amount DECIMAL(18,2): net money, negative is a refund, 0 a free order
--            customers     customer_id VARCHAR, created_on DATE; may have no row
-- Parameters $as_of        DATE: later rows are not seen
--            $begins       DATE or NULL, $new_after DATE or NULL: of a larger book, see _newcomers
--
-- Rules
--   * A purchase is a purchase day, as in purchase_history.sql.
--   * Rows without a customer id are anonymous sales: part of no history.

with {customer_days},

{newcomers},

numbered as (
    select
        customer_id,
        day,
        row_number() over (partition by customer_id order by day) as purchase
    from customer_days
    where is_purchase
)

select
    numbered.customer_id,
    newcomers.first_day as first_purchase_date,
    min(numbered.day) filter (where numbered.purchase = 2) as second_purchase_date,
    newcomers.is_new,
    newcomers.begins as book_begins,
    newcomers.settled_days,
    newcomers.dates_set_aside
from numbered
inner join newcomers on newcomers.customer_id = numbered.customer_id
group by
    numbered.customer_id,
    newcomers.first_day,
    newcomers.is_new,
    newcomers.begins,
    newcomers.settled_days,
    newcomers.dates_set_aside
order by numbered.customer_id
