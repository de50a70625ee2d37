-- Of the days in known, purchase days numbered from the newest; days that are no purchase stand apart.
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

histories as (
    select
        customer_id,
        as_of,
        first_day as first_purchase_date,
        last_day as last_purchase_date,
        date_diff('day', last_day, as_of) as days_since_last,
        purchase_days as frequency,
        cast(money as double) as monetary,
        interval_1,
        interval_2,
        interval_3,
        -- the newest three intervals, or as many as there are
        cast(coalesce(interval_1, 0) + coalesce(interval_2, 0) + coalesce(interval_3, 0) as double)
            / nullif(least(greatest(purchase_days - 1, 0), 3), 0) as mean_interval_days,
        least(greatest(purchase_days - 1, 0), 3) as interval_count,
        date_diff('day', first_day, as_of) as customer_age_days,
        cast(first_money as double) as first_purchase_amount,
        cast(coalesce(repeat_money, 0) as double) as repeat_monetary,
        -- all intervals in days, not the newest three alone: how regular they are
        cast(coalesce(log_intervals, 0) as double) as log_interval_sum
    from customers
)
