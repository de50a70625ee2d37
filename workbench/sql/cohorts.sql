-- How many customers of each cohort bought in each month or week, how often, and for how much?
--
-- Table      orders        customer_id VARCHAR, ordered_at DATE or TIMESTAMP in local time,
--                          amount DECIMAL(18,2): net money, negative is a refund, 0 a free order
-- Parameters $as_of        DATE: later rows are not seen
--            $every        'month' or 'week': how long a period is; weeks begin on Monday
--
-- Rules
--   * A purchase is a purchase day, as in purchase_history.sql; a day that is none still lowers the
--     money of its period.
--   * A cohort is the period of the first purchase day; null for customers without a purchase.
--   * Rows without a customer id are anonymous sales: part of no cohort.

with {customer_days},

since_first as (
    select
        *,
        min(case when is_purchase then day end) over (partition by customer_id) as first_day
    from customer_days
),

placed as (
    select
        customer_id,
        money,
        is_purchase,
        day = first_day as is_first,
        cast(
            case when $every = 'week' then date_trunc('week', first_day)
            else date_trunc('month', first_day) end as date
        ) as cohort,
        cast(
            case when $every = 'week' then date_trunc('week', day)
            else date_trunc('month', day) end as date
        ) as period
    from since_first
)

select
    cohort,
    period,
    count(distinct case when is_purchase then customer_id end) as customers,
    count(*) filter (where is_purchase) as purchases,
    count(*) filter (where is_first) as first_purchases,
    cast(sum(money) as double) as monetary,
    cast(coalesce(sum(money) filter (where is_first), 0) as double) as first_monetary
from placed
group by cohort, period
order by cohort, period
