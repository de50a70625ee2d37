-- An order book begins somewhere, and who had bought before it looks new in it. A customer is new if
-- created within the book; where that is not known, if the first purchase comes later after the
-- book's first day than nineteen in twenty intervals between purchases are long (at most 365 days).
-- A creation date later than the first purchase, or shared by over a tenth of all customers (an
-- import), counts as not known. $begins and $new_after are those of a larger book these orders are of.
intervals as (
    select date_diff('day', lag(day) over (partition by customer_id order by day), day) as days
    from customer_days
    where is_purchase
),

as_long as (
    select days, sum(count(*)) over (order by days) as so_far, sum(count(*)) over () as in_all
    from intervals
    where days is not null
    group by days
),

book as (
    select
        coalesce(cast($begins as date), opened.day) as begins,
        case
            when cast($new_after as date) is null then least(coalesce(settled.days, 365), 365)
            else date_diff('day', cast($begins as date), cast($new_after as date))
        end as settled_days
    from (select min(day) as day from customer_days) as opened
    cross join (select min(days) as days from as_long where 20 * so_far >= 19 * in_all) as settled
),

created as (
    select customer_id, min(created_on) as created_on, count(*) over () as customers
    from customers
    group by customer_id
),

imported as (
    select created_on
    from created
    where created_on is not null
    group by created_on, customers
    having count(*) > 1 and 10 * count(*) > customers
),

known_since as (
    select
        firsts.customer_id,
        firsts.first_day,
        created.created_on,
        case
            when created.created_on is null then 'not_known'
            when imported.created_on is not null then 'imported'
            when created.created_on > firsts.first_day then 'too_late'
            else 'created'
        end as new_by
    from (
        select customer_id, min(day) as first_day
        from customer_days
        where is_purchase
        group by customer_id
    ) as firsts
    left join created on created.customer_id = firsts.customer_id
    left join imported on imported.created_on = created.created_on
),

newcomers as (
    select
        known_since.customer_id,
        known_since.first_day,
        case
            when known_since.new_by = 'created' then known_since.created_on >= book.begins
            else date_diff('day', book.begins, known_since.first_day) > book.settled_days
        end as is_new,
        book.begins,
        book.settled_days,
        sum(case when known_since.new_by in ('imported', 'too_late') then 1 else 0 end) over ()
            as dates_set_aside
    from known_since
    cross join book
)
