-- How many customers of each cohort bought in each month or week, how often, and for how much?
--
-- Table      orders        customer_id VARCHAR, ordered_at DATE or TIMESTAMP in local time,
--                          amount DECIMAL(18,2): net money, negative is a refund, 0 a free order
--            customers     customer_id VARCHAR, created_on DATE; may have no row
-- Parameters $as_of        DATE: later rows are not seen
--            $every        'month' or 'week': how long a period is; weeks begin on Monday
--            $begins       DATE or NULL, $new_after DATE or NULL: of a larger book, see _newcomers
--
-- Rules
--   * A purchase is a purchase day, as in purchase_history.sql; a day that is none still lowers the
--     money of its period.
--   * A cohort is the period of the first purchase day; null for customers without a purchase.
--     Those who are new in the book and those from before it are apart.
--   * Rows without a customer id are anonymous sales: part of no cohort.

with {customer_days},

{newcomers},

placed as (
    select
        customer_days.customer_id,
        customer_days.money,
        customer_days.is_purchase,
        customer_days.day = newcomers.first_day as is_first,
        coalesce(newcomers.is_new, false) as is_new,
        cast(
            case when $every = 'week' then date_trunc('week', newcomers.first_day)
            else date_trunc('month', newcomers.first_day) end as date
        ) as cohort,
        cast(
            case when $every = 'week' then date_trunc('week', customer_days.day)
            else date_trunc('month', customer_days.day) end as date
        ) as period
    from customer_days
    left join newcomers on newcomers.customer_id = customer_days.customer_id
)

select
    cohort,
    period,
    is_new,
    count(distinct case when is_purchase then customer_id end) as customers,
    count(*) filter (where is_purchase) as purchases,
    count(*) filter (where is_first) as first_purchases,
    cast(sum(money) as double) as monetary,
    cast(coalesce(sum(money) filter (where is_first), 0) as double) as first_monetary,
    told.begins as book_begins,
    told.settled_days,
    told.dates_set_aside
from placed
cross join (
    select
        min(book.begins) as begins,
        min(book.settled_days) as settled_days,
        coalesce(max(newcomers.dates_set_aside), 0) as dates_set_aside
    from book
    left join newcomers on true
) as told
group by cohort, period, is_new, told.begins, told.settled_days, told.dates_set_aside
order by cohort, period, is_new
