-- How did each of several periods go: money, customers, purchases, who was new, who came back?
--
-- Table      orders           customer_id VARCHAR, ordered_at DATE or TIMESTAMP in local time,
--                             amount DECIMAL(18,2): net money, negative is a refund, 0 a free order
--            customers        customer_id VARCHAR, created_on DATE; may have no row
-- Parameters $periods         VARCHAR: their first and last days, as 2026-10-01:2026-10-31,…
--            $repurchase_days INTEGER: within how many days who comes back has come back
--            $as_of           DATE: the last of their days; later rows are not seen
--            $begins, $new_after  DATE or NULL: of a larger book, see _newcomers
--
-- Rules
--   * A purchase is a purchase day, as in purchase_history.sql; a day that is none still lowers the
--     money of its period.
--   * Asked are the customers with a purchase day in the $repurchase_days before the last so many
--     days of the period; repurchased has who bought again within so many days of the last one there.
--   * Rows without a customer id are anonymous sales: part of no figure.

with {customer_days},

{newcomers},

asked as (
    select
        cast(split_part(listed.days, ':', 1) as date) as first_day,
        cast(split_part(listed.days, ':', 2) as date) as last_day
    from (select unnest(string_split(cast($periods as varchar), ',')) as days) as listed
),

-- purchase days know the next one; days that are no purchase stand apart
placed as (
    select
        customer_days.customer_id,
        customer_days.day,
        customer_days.money,
        customer_days.is_purchase,
        coalesce(newcomers.is_new and customer_days.day = newcomers.first_day, false) as is_first,
        lead(customer_days.day) over (
            partition by customer_days.customer_id, customer_days.is_purchase
            order by customer_days.day
        ) as next_day
    from customer_days
    left join newcomers on newcomers.customer_id = customer_days.customer_id
),

inside as (
    select
        asked.last_day,
        asked.first_day,
        sum(placed.money) as money,
        count(distinct case when placed.is_purchase then placed.customer_id end) as active,
        count(*) filter (where placed.is_purchase) as purchase_days,
        count(*) filter (where placed.is_first) as new
    from asked
    inner join placed on placed.day between asked.first_day and asked.last_day
    group by asked.first_day, asked.last_day
),

-- the last purchase day of each customer in the days that are asked about
last_there as (
    select
        asked.last_day,
        asked.first_day,
        count(*) as base,
        count(*) filter (
            where date_diff('day', placed.day, placed.next_day) <= cast($repurchase_days as integer)
        ) as repurchased
    from asked
    inner join placed
        on placed.is_purchase
        and date_diff('day', placed.day, asked.last_day) >= cast($repurchase_days as integer)
        and date_diff('day', placed.day, asked.last_day) < 2 * cast($repurchase_days as integer)
        and (
            placed.next_day is null
            or date_diff('day', placed.next_day, asked.last_day) < cast($repurchase_days as integer)
        )
    group by asked.first_day, asked.last_day
)

select
    asked.first_day,
    asked.last_day as as_of,
    cast(coalesce(inside.money, 0) as double) as revenue,
    coalesce(inside.active, 0) as active_customers,
    coalesce(inside.purchase_days, 0) as purchase_days,
    coalesce(inside.new, 0) as new_customers,
    coalesce(last_there.base, 0) as repurchase_base,
    coalesce(last_there.repurchased, 0) as repurchased
from asked
left join inside on inside.first_day = asked.first_day and inside.last_day = asked.last_day
left join last_there
    on last_there.first_day = asked.first_day and last_there.last_day = asked.last_day
order by asked.first_day, asked.last_day
