"""Tables of products, as spreadsheets write and read them."""

import json

import pytest

from orderboard.catalogue import table
from orderboard.errors import Invalid


def rows(text: str | bytes) -> list[tuple[int, dict[str, object]]]:
    content = text if isinstance(text, bytes) else text.encode()
    return table.read(content).rows


def test_a_table_is_read_by_the_names_of_its_columns() -> None:
    assert rows("name,sku,unit price\nTea,T-1,4.90\n") == [
        (2, {"name": "Tea", "sku": "T-1", "price": "4.90"})
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_any_separator_and_line_ending_will_do(separator: str, ending: str) -> None:
    text = ending.join(separator.join(cells) for cells in (("sku", "name"), ("T-1", "Grüner Tee")))
    for content in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        assert rows(content) == [(2, {"sku": "T-1", "name": "Grüner Tee"})]


def test_a_comma_is_a_decimal_point_where_it_separates_nothing() -> None:
    text = 'sku;price;stock;name\nT-1;"4,90";1,5;Tea, green\n'
    assert rows(text) == [
        (2, {"sku": "T-1", "price": "4.90", "stock": "1.5", "name": "Tea, green"})
    ]


def test_an_empty_cell_says_nothing_and_an_empty_line_is_none() -> None:
    assert rows("sku,name,stock\nT-1,,\n,,\n\nT-2,Tea,3") == [
        (2, {"sku": "T-1"}),
        (5, {"sku": "T-2", "name": "Tea", "stock": "3"}),
    ]


@pytest.mark.parametrize(
    ("column", "word", "active"),
    [
        ("active", "1", True),
        ("active", "No", False),
        ("discontinued", "1", False),
        ("discontinued", "false", True),
        ("active", "perhaps", "perhaps"),
    ],
)
def test_what_is_not_sold_any_more_is_said_either_way(
    column: str, word: str, active: object
) -> None:
    assert rows(f"sku,{column}\nT-1,{word}\n") == [(2, {"sku": "T-1", "active": active})]


def test_columns_that_mean_nothing_here_are_named() -> None:
    assert table.read(b"sku,Margin,colour\nT-1,1,2\n").ignored == ["margin", "colour"]


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (b"", "file", "no column sku"),
        (b"name\nTea\n", "file", "no column sku"),
        (b"sku,sku\n1,2\n", "file", "the column sku twice"),
        (b"sku,name\nT-1,Tea,4\n", "line 2", "3 cells"),
        (b"sku,name\nT-1,\xff\n", "file", "UTF-8 at byte 13"),
        (b"sku,name\nT-1,\0\n", "file", "no text"),
        (b'sku,name\nT-1,"Tea\n', "line 2", "CSV"),
        (b"sku,name\nT-1," + b"x" * 20_001, "line 2", "too long"),
        (b"sku\n" + b"T\n" * 20_001, "file", "more than 20000"),
        (b"sku,name\nT-1," + b"x" * 200_000, "line 2", ""),
    ],
)
def test_what_is_no_table_is_refused_and_the_place_named(
    content: bytes, where: str, what: str
) -> None:
    with pytest.raises(Invalid) as refused:
        table.read(content)
    ((place, message),) = refused.value.errors.items()
    assert place == where
    assert what in message


PRODUCT = dict.fromkeys(table.COLUMNS) | {"sku": "T-1", "name": "Tea", "active": True}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "= 1", "'quoted", "plain"])
def test_a_spreadsheet_runs_no_cell_and_reading_takes_the_mark_off_again(text: str) -> None:
    head, line = table.write([{**PRODUCT, "name": text, "options": []}])
    cell = line.split(",")[1].strip('"')
    assert cell[0] not in "=+-@\t\r "
    ((_, row),) = rows(head + line)
    assert row["name"] == text.strip()


def test_what_is_written_is_read_again() -> None:
    options = [
        {"name": "Size", "required": True, "values": [{"value": 'L, "big"', "price": "1.00"}]}
    ]
    product = {
        **PRODUCT,
        "description": 'two\nlines, and "quotes"',
        "price": "4.90",
        "currency": "EUR",
        "stock": "1.500",
        "reorder_level": 0,
        "active": False,
        "options": options,
    }
    ((_, row),) = rows("".join(table.write([product])))
    assert json.loads(str(row.pop("options"))) == options
    names = "sku name description price currency stock reorder_level"
    assert row == {"active": False} | {name: str(product[name]) for name in names.split()}
