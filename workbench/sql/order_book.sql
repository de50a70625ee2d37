-- On which day does the order book begin, and who first bought after which day is new in it?
--
-- Table      orders        customer_id VARCHAR, ordered_at DATE or TIMESTAMP in local time,
--                          amount DECIMAL(18,2): net money, negative is a refund, 0 a free order
--            customers     customer_id VARCHAR, created_on DATE; may have no row
-- Parameters $as_of        DATE: later rows are not seen
--            $begins, $new_after  DATE or NULL: of a larger book, see _newcomers

with {customer_days},

{newcomers}

select begins as book_begins, settled_days
from book
where begins is not null
