customer_days as (
    -- one row per customer and day; a day that is no purchase still lowers the money
    select
        customer_id,
        cast(ordered_at as date) as day,
        sum(amount) as money,
        -- min(amount) >= 0: no refund that day, so even a day of free orders only is a purchase
        min(amount) >= 0 or sum(amount) > 0 as is_purchase
    from orders
    where trim(customer_id) <> '' and cast(ordered_at as date) <= cast($as_of as date)
    group by customer_id, cast(ordered_at as date)
)
