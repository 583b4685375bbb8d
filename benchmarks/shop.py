"""The order that is placed again and again."""

from typing import Any

ORDER: dict[str, Any] = {
    "customer": {"name": "Ada Example", "email": "ada@shop.example", "phone": "+49 30 1234567"},
    "type": "purchase",
    "items": [
        {"sku": "TEA-1", "name": "Green tea", "quantity": 2, "unit_price": "4.90"},
        {"sku": "CUP-7", "name": "Cup, blue", "quantity": 1, "unit_price": "12.50"},
    ],
    "shipping": "3.90",
    "address": {"line1": "1 Example Street", "city": "Berlin", "postal_code": "10115"},
}
