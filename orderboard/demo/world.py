"""The people, goods and streets of a shop and a town that do not exist."""

from typing import NamedTuple


class Product(NamedTuple):
    """Something on the shelf; ``usual`` is how many of it people tend to take."""

    sku: str
    name: str
    price: str
    usual: int


class Person(NamedTuple):
    """Somebody who orders. ``company`` is set for those who order for a firm."""

    name: str
    phone: str
    company: str | None = None


PRODUCTS = (
    Product("CK-101", "Moonrise oolong tea, 100 g", "9.80", 2),
    Product("CK-102", "Smoked chai with cardamom, 250 g", "12.40", 1),
    Product("CK-103", "Copper Kettle house coffee, whole beans, 500 g", "14.90", 2),
    Product("CK-104", "Copper Kettle house coffee, decaffeinated, 500 g", "15.50", 1),
    Product("CK-105", "Hibiscus and lime cordial, 0.7 l", "6.95", 2),
    Product("CK-106", "Barley tea, twenty bags", "4.20", 3),
    Product("CK-201", "Cloudberry marmalade, 220 g", "7.60", 1),
    Product("CK-202", "Burnt-orange marmalade, 220 g", "6.40", 2),
    Product("CK-203", "Chestnut honey from Lantern Hill, 400 g", "11.20", 1),
    Product("CK-204", "Date syrup, 350 ml", "5.90", 1),
    Product("CK-205", "Fig and walnut chutney, 200 g", "6.80", 1),
    Product("CK-301", "Sourdough loaf, seeded", "5.60", 1),
    Product("CK-302", "Rye crackers with caraway", "3.90", 2),
    Product("CK-303", "Almond biscuits, tin of thirty", "13.50", 1),
    Product("CK-304", "Sesame halva, 300 g", "6.20", 1),
    Product("CK-305", "Cardamom buns, box of six", "11.40", 1),
    Product("CK-306", "Lemon and olive oil cake", "16.80", 1),
    Product("CK-401", "Harbour olive oil, 0.5 l", "12.90", 1),
    Product("CK-402", "Pickled green mango, 330 g", "5.40", 1),
    Product("CK-403", "Gochugaru-style chilli flakes, 80 g", "4.80", 1),
    Product("CK-404", "Preserved lemons, 370 g", "5.95", 1),
    Product("CK-405", "White miso, unpasteurised, 400 g", "8.70", 1),
    Product("CK-406", "Wild rice from Long Reed Lake, 1 kg", "9.40", 1),
    Product("CK-407", "Red lentils, 1 kg", "3.60", 2),
    Product("CK-501", "Hand-thrown tea bowl, glazed blue", "24.00", 2),
    Product("CK-502", "Enamel kettle, copper colour, 1.5 l", "58.00", 1),
    Product("CK-503", "Beeswax candles, pair", "8.90", 2),
    Product("CK-504", "Linen tea towel, striped", "11.00", 3),
    Product("CK-505", "Gift box: breakfast for two", "39.50", 1),
    Product("CK-506", "Gift box: a year of teas", "74.00", 1),
)

CATEGORIES = {
    "1": "Tea, coffee, cordials",
    "2": "Marmalade and honey",
    "3": "From the bakery",
    "4": "Larder",
    "5": "Home and gifts",
}
"""The first digit of a sku → where it stands in the shop."""

PEOPLE = (
    Person("Amara Okonjo-Vale", "+1 555 0101"),
    Person("Björn Tvedtson", "+1 555 0102"),
    Person("Chiara Monteluna", "+1 555 0103"),
    Person("Darius Farrokhpour", "+1 555 0104"),
    Person("Élodie Beauruisseau", "+1 555 0105"),
    Person("Farida Noorzahra", "+1 555 0106"),
    Person("Gwenllian ap Seren", "+1 555 0107"),
    Person("Haruki Amanogawa", "+1 555 0108"),
    Person("Ingrid Sommerfugl", "+1 555 0109"),
    Person("Joaquín Piedraluna", "+1 555 0110"),
    Person("Kalani Makanahele", "+1 555 0111"),
    Person("Leilani Wavecrest", "+1 555 0112"),
    Person("Mwangi Karibuni", "+1 555 0113"),
    Person("Nayeli Xochitlán", "+1 555 0114"),
    Person("Olumide Adesewa", "+1 555 0115"),
    Person("Priya Chandralekha", "+1 555 0116"),
    Person("Quyen Dieu-Linh", "+1 555 0117"),
    Person("Rasa Gintarytė", "+1 555 0118"),
    Person("Soo-ah Haneul", "+1 555 0119"),
    Person("Tomasz Jaskółkowski", "+1 555 0120"),
    Person("Ülkü Yıldızoğlu", "+1 555 0121"),
    Person("Vasilisa Zoryanova", "+1 555 0122"),
    Person("Wangari Nyotandogo", "+1 555 0123"),
    Person("Ximena Rosaluz", "+1 555 0124"),
    Person("Yosef Ben-Kochav", "+1 555 0125"),
    Person("Zainab al-Qamari", "+1 555 0126"),
    Person("Åsa Norrskensdotter", "+1 555 0127"),
    Person("明月 Mingyue Lan", "+1 555 0128"),
    Person("さくら Sakura Hoshino", "+1 555 0129"),
    Person("Дана Соняшник", "+1 555 0130"),
    Person("ليلى Layla Bint-Nur", "+1 555 0131"),
    Person("Tāwhiri Ngāhuia", "+1 555 0132"),
    Person("Siobhán Ní Réalta", "+1 555 0140", "Tin Whistle Café"),
    Person("Matteo Forchetta", "+1 555 0141", "Trattoria Due Lune"),
    Person("Adaeze Starling", "+1 555 0142", "Lantern Hill School Kitchen"),
    Person("Henrik Pendelstein", "+1 555 0143", "Clock Tower Hotel"),
    Person("Rukmini Seaglass", "+1 555 0144", "Seaglass Yoga House"),
)

STREETS = (
    ("Lantern Hill", "PL-1010", 51.0612, 3.7241),
    ("Copper Lane", "PL-1010", 51.0553, 3.7198),
    ("Saltmarket", "PL-1020", 51.0537, 3.7302),
    ("Weavers' Row", "PL-1020", 51.0489, 3.7356),
    ("Old Ferry Road", "PL-1030", 51.0421, 3.7274),
    ("Nightingale Walk", "PL-1030", 51.0398, 3.7163),
    ("Tidewater Quay", "PL-1040", 51.0655, 3.7379),
    ("Almond Court", "PL-1040", 51.0688, 3.7152),
    ("Rue des Papillons", "PL-1050", 51.0471, 3.7085),
    ("Long Reed Terrace", "PL-1050", 51.0583, 3.7047),
)
"""Street, postal code, latitude and longitude of its middle."""

CITY = "Port Lumen"
DEPOT = (51.0508, 3.7221)
"""Where the vans start, latitude and longitude."""

DRIVERS = (
    ("Ayo Swiftwater", "+1 555 0150"),
    ("Brigid Larkspur", "+1 555 0151"),
    ("Cem Rüzgar", "+1 555 0152"),
    ("Dolores Caminante", "+1 555 0153"),
    ("Emre Yolcu", "+1 555 0154"),
)

NOTES = (
    "Please ring twice, the bell is shy.",
    "Leave it with the neighbour at number 7.",
    "Gift: please wrap it, and no prices on the slip.",
    "The gate code is on the door of the bakery.",
    "Third floor, no lift. Sorry!",
    "Not before four o'clock, please.",
    "Allergy: no nuts in the same bag, please.",
)

CUSTOMER_REASONS = (
    "Ordered twice by mistake.",
    "I found some at the back of the cupboard after all.",
    "We are away that week.",
    "Wrong address, I will order again.",
)
STAFF_REASONS = (
    "Out of stock until next week.",
    "The customer asked by telephone.",
    "The address is beyond our round.",
)
HOLD_REASONS = ("Waiting for a delivery of tea.", "Address to be confirmed.")
FAIL_REASONS = ("Nobody at home.", "The street was closed.")
