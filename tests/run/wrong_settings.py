"""Every setting that stops the start by its value alone, and the line that is said."""

from typing import NamedTuple


class WrongSetting(NamedTuple):
    """A variable, a value it cannot have, and what is said behind the variable's name."""

    variable: str
    value: str
    line: str


_PORT = "the port must be a number from 1 to 65535 (it is not shown)"
_DB = "the database must be a number, as in redis://host:6379/0 (it is not shown)"
_UNKNOWN = "the option foo is not known (it is not shown)"
_SHORT = "must have 16 characters or more (it is not shown)"
_NO_FILE = "must be sqlite:/// and the path of a file, without options (it is not shown)"
_NO_DATABASE = "must begin with postgresql:// or sqlite:/// and name a database (it is not shown)"
_NO_REDIS = "must begin with redis://, rediss:// or unix:// (it is not shown)"
_NO_SOCKET = "must name a socket by its whole path, as in unix:///run/redis.sock (it is not shown)"
_NO_PATH = (
    "must end behind the host, without a path: the board needs a host name or a port of its own,"
    " as in https://orders.example.com"
)
_NO_FOLDER = "must be a folder that can be made and written to:"

WRONG_SETTINGS = [
    WrongSetting(*row)
    for row in (
        ("PORT", "many", "must be a whole number from 1 to 65535 (it is 'many')"),
        ("PORT", "70000", "must be a whole number from 1 to 65535 (it is '70000')"),
        ("HOST", "a b", "must be an address or a host name to listen on (it is 'a b')"),
        (
            "ORDERBOARD_STREAM_MEMORY",
            "0",
            "must be a whole number from 1 to 1000000 (it is '0')",
        ),
        ("WEB_CONCURRENCY", "two", "must be a whole number from 1 to 256 (it is 'two')"),
        ("SECRET_KEY", "short", _SHORT),
        ("ORDERBOARD_PAYMENTS", "cheque", "must be stripe or razorpay (it is 'cheque')"),
        (
            "ORDERBOARD_PAYMENTS_KEY",
            "two words",
            "must be as the provider shows it: one word of ASCII characters (it is not shown)",
        ),
        ("SECRET_KEY", "\udcff" * 20, "must be UTF-8 text"),
        ("REDIS_URL", "redis://h:zz", _PORT),
        ("REDIS_URL", "redis://h:99999/0", _PORT),
        ("REDIS_URL", "redis://h/zz", _DB),
        ("REDIS_URL", "redis://h?db=-1", _DB),
        ("REDIS_URL", "redis://h/zz?foo=1", _UNKNOWN),
        ("REDIS_URL", "unix:///r.sock?foo=1", _UNKNOWN),
        (
            "REDIS_URL",
            "redis://h?decode_responses=yes",
            _UNKNOWN.replace("foo", "decode_responses"),
        ),
        ("REDIS_URL", "redis://h?db=1&db=2", "an option is given twice (it is not shown)"),
        (
            "REDIS_URL",
            "redis://h?ssl_cert_reqs=none",
            "the option ssl_cert_reqs does not fit here (it is not shown)",
        ),
        ("REDIS_URL", "http://h", _NO_REDIS),
        ("REDIS_URL", "unix://r.sock", _NO_SOCKET),
        ("DATABASE_URL", "postgresql://h:zz/x", _PORT),
        ("DATABASE_URL", "postgresql://h:99999/x", _PORT),
        ("DATABASE_URL", "postgresql:///x?host=a,b&port=1,99999", _PORT),
        (
            "DATABASE_URL",
            "postgresql://h/x?foo=1",
            'invalid connection option "foo" (it is not shown)',
        ),
        (
            "DATABASE_URL",
            "postgresql://h/x?foo",
            "options behind the ? must be name=value (it is not shown)",
        ),
        ("DATABASE_URL", "mysql://h/x", _NO_DATABASE),
        ("DATABASE_URL", "sqlite:///x.db?timeout=5", _NO_FILE),
        ("DATABASE_URL", "sqlite:///:memory:", _NO_FILE),
        (
            "DATABASE_URL",
            "sqlite:////no/such/x.db",
            "the folder /no/such does not exist; make it, or name another (it is not shown)",
        ),
        (
            "DATABASE_URL",
            "sqlite:////dev",
            "/dev is a folder, not a database file (it is not shown)",
        ),
        ("ORDERBOARD_BASE_URL", "http://h/shop", f"{_NO_PATH} (it is 'http://h/shop')"),
        (
            "ORDERBOARD_BASE_URL",
            "http://h:zz",
            "the port must be a number from 1 to 65535 (it is 'http://h:zz')",
        ),
        (
            "ORDERBOARD_BASE_URL",
            "example.com",
            "must be an address that begins with http:// or https:// (it is 'example.com')",
        ),
        (
            "ORDERBOARD_TIMEZONE",
            "Mars/Base",
            "must be a time zone's name, as in Europe/Berlin (it is 'Mars/Base')",
        ),
        (
            "ORDERBOARD_CURRENCY",
            "shells",
            "must be a currency's ISO 4217 code, as in EUR (it is 'shells')",
        ),
        ("ORDERBOARD_UNKNOWN_SKUS", "ask", "must be accept or refuse (it is 'ask')"),
        (
            "ORDERBOARD_SHOP_NAME",
            "Bread\nand more",
            "must be one line of 100 characters at most (it is 'Bread\\nand more')",
        ),
        ("ORDERBOARD_PUBLIC_INTAKE", "maybe", "must be on or off (it is 'maybe')"),
        (
            "ORDERBOARD_HOME",
            "/dev/null/x",
            f"{_NO_FOLDER} Not a directory (it is '/dev/null/x')",
        ),
        (
            "ORDERBOARD_HOME",
            "~nobody-has-this-name/x",
            f"{_NO_FOLDER} Could not determine home directory. (it is '~nobody-has-this-name/x')",
        ),
    )
]
