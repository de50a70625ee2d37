"""What stands in the tables of customers, orders, products and owners?"""

from workbench.schema.contracts import Column, Table, filled
from workbench.schema.nurture import CONTACTS, opt_outs

_MONEY = "currency of the source"

# a row of each contract is one line, so that it reads as the table it is
# fmt: off
CUSTOMERS = Table("customers", "one row per customer", (
    filled("customer_id", "id", "Who the customer is."),
    Column("customer_name", "text", "The name people know the customer by."),
    Column("owner_id", "id", "The salesperson in charge."),
    Column("region", "text", "Where the customer is served."),
    Column("created_on", "date", "The day the customer was first recorded."),
    Column("phone", "text", "The phone number, also for text messages."),
    Column("email", "text", "The e-mail address."),
    Column("wechat", "text", "The address on wechat."),
    *opt_outs("customer", among=CONTACTS),
), key="customer_id")

_ORDER = "one row per order; a line of an order also serves, since a customer's day is summed"
ORDERS = Table("orders", _ORDER, (
    Column("order_id", "id", "The order or receipt."),
    Column("customer_id", "id",
           "Who bought. Empty: an anonymous sale, counted and left out of histories.", required=True),
    filled("ordered_at", "timestamp", "When, in local time."),
    filled("amount", "money", "Net money of the order: negative is a refund, 0 a free order.", _MONEY),
    Column("status", "choice", "The order's or payment's status: what was cancelled is no sale."),
    Column("direction", "choice", "Whether money came in or went out: an expense is no sale."),
    Column("currency", "text", "The currency of the amount, as a code or a sign."),
    Column("refunded_amount", "money", "What of the order was paid back.", _MONEY),
))

ORDER_LINES = Table("order_lines", "one row per product on an order", (
    filled("order_id", "id", "The order the line belongs to."),
    filled("product_id", "id", "What was sold."),
    filled("quantity", "number", "How many; negative is a return.", "pieces"),
    filled("unit_price", "money", "Price of one piece.", _MONEY),
))

PRODUCTS = Table("products", "one row per product", (
    filled("product_id", "id", "What the product is."),
    Column("product_name", "text", "What people call it."),
    Column("category", "text", "The kind of product."),
    Column("list_price", "money", "Price before discount.", _MONEY),
), key="product_id")

OWNERS = Table("owners", "one row per salesperson", (
    filled("owner_id", "id", "Who the salesperson is."),
    Column("owner_name", "text", "The name colleagues use.", required=True),
    Column("team", "text", "The team they work in."),
    Column("phone", "text", "The number leads and customers may call."),
    Column("email", "text", "The e-mail address leads and customers may write to."),
    Column("wechat", "text", "The address on wechat for leads and customers."),
), key="owner_id")
# fmt: on
