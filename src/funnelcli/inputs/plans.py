"""Words in the names of plans: what is sold everywhere, and what may be paid for by nobody.

They are patterns over names without capitals, accents and punctuation.  What is paid for is told by amounts first.
"""

from msgspec import Struct

# Sizes, kinds of customers, terms, and numbers: no plan is free for them.
USUAL = (
    r"\b(ads? free|plans?|packages?|subscriptions?|tier|levels?|editions?|version|licen[cs]es?|goi|ban|dich vu|san pham"
    r"|phan mem|basic|base|pro|pros|professionals?|starter|start|standard|regular|premium|business|biz|enterprises?|ent"
    r"|teams?|plus|growth|grow|scale|advanced?|ultimate|essentials?|core|lite|light|small|medium|mid|large|xs|s|m|l|xl|xxl"
    r"|gold|silver|bronze|platinum|diamond|individual|personal|solo|single|family|group|agency|startups?|compan(y|ies)"
    r"|corporate|sme|smb|unlimited|max|maximum|min|mini|micro|elite|vip|deluxe|executive|expert|power|custom\w*|legacy"
    r"|classic|new|old|annual(ly)?|yearly|month(ly)?|months|years?|quarter(ly)?|weekly|lifetime|users?|seats?|members?"
    r"|full|first|complete|hobby|creator|freelanc\w*|developer|dev|cloud|hosted|online|web|mobile|omni\w*|basis|pos"
    r"|co ban|nang cao|chuyen nghiep|doanh nghiep|tieu chuan|cao cap|ca nhan|khoi nghiep|mo rong|toan dien|nho|vua|lon"
    r"|nhom|thang|nam|quy|nguoi dung|tron doi|ban hang|cua hang|chuoi|tiet kiem|pho thong|dac biet|vang|bac|dong|a|b|c"
    r"|and|for|per|va|cho)\b|\b[a-z]*\d\w*\b"
)
UNPAID = (
    r"(?<!\bad )(?<!\bads )\b(free|freemium|gratis|gratuit\w*|kostenlos\w*|essai|prueba|testphase|testversion|probe\w*"
    r"|demo|sandbox|tests?|testing|tester|trial\w*|dung thu|trai nghiem|mien phi|tang|khuyen mai|noi bo|internal|staff"
    r"|employees?|comp|comped|complimentary|courtesy|sponsor\w*|nfr|not for resale|evaluation|pilot|poc"
    r"|proof of concept|community|none|no plan|null|nothing|promo\w*|donated|charity)\b"
    r"|免费|免費|無料|试用|試用|무료|체험"
)
# No price, as it is written.
NOTHING = r"(?<![\d.,])0+(?:[.,]0+)?\s*(?:[$€£¥₫]|(?:đ|vnd|vnđ|usd|eur)\b)|[$€£¥₫]\s*0+(?:[.,]0+)?(?![\d.,])|^\s*0+\s*$"
# Of columns beside people that say what is sold, and for how much.
SOLD = (
    r"^(?!.*\b(shipping|address|cycle|period|interval|frequency)\b).*\b(plans?|products?|packages?|tiers?|editions?"
    r"|billing|prices?|pricing|offers?|offre|tarif\w*|goi|bang gia|don gia|gia)\b"
)


class PlanWords(Struct, frozen=True, kw_only=True, eq=False):
    """What the words in the name of a plan say: ``usual`` ones nothing, ``unpaid`` ones that nobody may pay for it.

    ``nothing`` is a price of nothing, as it is written; headers that fit ``sold`` are of what is sold.
    """

    usual: str = USUAL
    unpaid: str = UNPAID
    nothing: str = NOTHING
    sold: str = SOLD
