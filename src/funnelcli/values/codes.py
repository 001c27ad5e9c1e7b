"""Codes of countries, languages and currencies, addresses and names: cells that say who somebody is and where."""

import re
import unicodedata
from collections.abc import Sequence

from funnelcli.text.regex import regex
from funnelcli.values.currencies import currency_named

_COUNTRY_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UK UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
_LANGUAGE_CODES = (
    "af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk "
    "km kn ko ky lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl pt ro ru si sk sl sq sr sv sw ta te th tl tr uk "
    "ur uz vi zh zu"
)
# Of the United States and of Canada.
_STATE_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA PR RI SC SD TN TX UT VT VA WA WV WI WY AB BC MB NB NL NS NT NU ON PE QC SK YT"
)
_CURRENCIES_AS_WORDS = "ALL ANG BAM BOB COP CUP GEL MAD MOP PEN RON SOS TOP TRY"
_SURNAMES_FOLDED = (
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly truong dinh lam doan mai trinh dao "
    "luong ha cao chau ta quach phung"
)
_COUNTRIES = frozenset(_COUNTRY_CODES.split())
_CURRENCIES_THAT_ARE_WORDS = frozenset(_CURRENCIES_AS_WORDS.split())
_STATES = frozenset(_STATE_CODES.split())
_LANGUAGES = frozenset(_LANGUAGE_CODES.split())
_SURNAMES = frozenset(_SURNAMES_FOLDED.split())
_ADDRESS = regex(
    r"[^\s@]+@[^\s@]+\.[a-z]{2,}|(?:https?://|www\.)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE
)
_ZONE = regex(
    r"(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific)/\w+\S*|(?:UTC|GMT)[+-]?[\d:]*"
)


def is_country(cell: str) -> bool:
    """Whether a cell is the code of a country in two capitals.

    >>> is_country("VN"), is_country("vn"), is_country("XX")
    (True, False, False)
    """
    return cell in _COUNTRIES


def is_language(cell: str) -> bool:
    """Whether a cell is the code of a language, of a country or not.

    >>> is_language("vi"), is_language("en-US"), is_language("english")
    (True, True, False)
    """
    language, _, country = cell.replace("_", "-").partition("-")
    return language in _LANGUAGES and (not country or country.upper() in _COUNTRIES)


def is_address(cell: str) -> bool:
    """Whether a cell is an e-mail, a link, a domain, or a time zone.

    >>> is_address("an@example.vn"), is_address("example.com/x"), is_address("Asia/Ho_Chi_Minh"), is_address("v.v")
    (True, True, True, False)
    """
    return bool(_ADDRESS.fullmatch(cell) or _ZONE.fullmatch(cell))


def is_vietnamese_name(cell: str) -> bool:
    """Whether a cell is the name of a person as Vietnamese write it: two to five words, the surname first.

    >>> is_vietnamese_name("Nguyễn Thị Hoa"), is_vietnamese_name("Lê"), is_vietnamese_name("Internal Test")
    (True, False, False)
    """
    words = cell.split()
    if not 2 <= len(words) <= 5 or not all(word[0].isupper() and word.isalpha() for word in words):
        return False
    bare = unicodedata.normalize("NFD", words[0].casefold().replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)) in _SURNAMES


def are_codes(cells: list[str]) -> bool:
    """Whether all of some cells are codes of countries, their states, languages or currencies, or addresses, or names.

    >>> are_codes(["VN", "SG"]), are_codes(["VND", "USD"]), are_codes(["VN", "refund"]), are_codes(["TX", "NY"])
    (True, True, False, True)
    """
    tests = (is_country, _STATES.__contains__, is_language, is_address, is_vietnamese_name, is_currency)
    return bool(cells) and any(all(map(test, cells)) for test in tests)


def are_currencies(cells: Sequence[str], amounts: Sequence[str]) -> bool:
    """Whether the cells of a column are codes of currencies, beside amounts of the same rows.

    Where all of them are words as well, like ALL and TRY, they are so in capitals and beside every amount.

    >>> are_currencies(["USD", ""], ["5", "6"]), are_currencies(["all", ""], ["5", "6"])
    (True, False)
    >>> are_currencies(["TRY", "TRY"], ["5", "6"]), are_currencies(["all", "try"], ["5", "6"])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    if not filled or not all(map(is_currency, filled)):
        return False
    is_beside_each = all(cell or not amount for cell, amount in zip(cells, amounts, strict=True))
    return (is_beside_each and "".join(filled).isupper()) or any(
        cell.upper() not in _CURRENCIES_THAT_ARE_WORDS for cell in filled
    )


def is_currency(cell: str) -> bool:
    """Whether a cell is the code of a currency.

    >>> is_currency("usd"), is_currency("VND"), is_currency("points")
    (True, True, False)
    """
    return cell.isalpha() and len(cell) == 3 and bool(currency_named(cell))
