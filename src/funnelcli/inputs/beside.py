"""What headers say of columns that an input does not read: whether their words or numbers could change a figure.

They are patterns over headers without capitals, accents and punctuation.  A header only spares a column a question, or
says which one to ask: what is odd is decided by the cells.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

# Of people, and of the business they are in; how they pay; where they came from; what they are sold.
ATTRIBUTES = (
    r"\b(countr(y|ies)|nation\w*|cit(y|ies)|town|province|region|district|ward|addresses|address\d?|street|postal|zip"
    r"|postcode|location|territory|market|languages?|locale|timezone|time zone|industry|sector|vertical|compan(y|ies)"
    r"|organi[sz]ation|employer|business|size|segments?|employees|gender|sex|salutation|birth\w*|age|job|role|position"
    r"|department|teams?|owner|rep|reps|representative|manager|csm|agent|assignee|assigned|sales ?person|host|users?"
    r"|creator|by|names?|first|last|middle|e ?mails?|domain|websites?|url|links?|phones?|mobile|fax|facebook|zalo"
    r"|linkedin|skype|notes?|comments?|description|remarks?|memo|subject|title|card|brand|issuer|last ?4|wallet|bank"
    r"|gateway|processor|currency|medium|campaigns?|utm|channels?|source\w*|referr\w*|referral|landing|ads?|adset"
    r"|keyword|creative|plans?|products?|packages?|tier|editions?|sku|items?|devices?|browser|os|platform|app|version"
    r"|weekday|month|quarter|year|week|barcode|carrier|warehouse|branch|stores?|vat|tax|newsletter|opt in|opt out"
    r"|consent|gdpr|subscribed to|accepts|payment (methods?|terms?)|pay method|method"
    r"|priority|rating|grade|risk|level|next step|servers?"
    r"|partners?|delivery|(coupon|promo\w*|discount|voucher) codes?)\b"
    r"|\b(quoc gia|nuoc|thanh pho|tinh|tp|quan|huyen|phuong|xa|dia chi|khu vuc|vung|mien|thi truong|ngon ngu|mui gio"
    r"|nganh|linh vuc|cong ty|doanh nghiep|ten|ho ten|ho va ten|quy mo|gioi tinh|ngay sinh|nam sinh|tuoi|chuc vu"
    r"|chuc danh|phong|phong ban|bo phan|nguoi|nhan vien|nhan su|nv|sale|sales|phu trach|cham soc|hinh thuc thanh toan"
    r"|phuong thuc|cong thanh toan|ngan hang|loai the|thiet bi|trinh duyet|kenh|nguon|chien dich|goi|san pham|dich vu"
    r"|mat hang|nhom khach( hang)?|ghi chu|dien giai|mo ta|noi dung|dien thoai|sdt|so dt|dt|chi nhanh|cua hang|kho"
    r"|kho hang|thang|quy|nam|tuan|thue|don vi tinh|dvt|don vi tien|loai tien|ma)\b"
)
# Said of a row, whatever else the header says: "Account status", "Card result".
TELLING = (
    r"\b(status(es)?|stage|phase|lifecycle|reasons?|result|outcome|disposition|trang thai|tinh trang|giai doan|ly do"
    r"|ket qua)\b"
)
# Of a row too, unless the header says of what else: "Type" and "Account type", but not "Card type".
KINDS = r"\b(state|types?|kinds?|categor(y|ies)|classification|action|event|phan loai|loai|su kien)\b"
OF_ATTRIBUTES = (
    r"\b(compan(y|ies)|business|industry|organi[sz]ation|card|methods?|devices?|platform|plan|product|phone|address"
    r"|currency|billing|shipping|region|province|country|location|source|utm|campaign|channel|doanh nghiep|cong ty"
    r"|san pham|goi|tien|nguon|kenh)\b"
)
# Above yes and no they say nothing of who pays today: what is planned, who gets mail, pays late or may go.
APART = (
    r"\b(auto ?renew\w*|manual renewal|tu dong gia han|gia han tu dong|cancel at|at period end|scheduled|e ?mails?"
    r"|newsletters?|marketing|sms|notifications?|mailing|auto collection|delinquent|overdue|past due|risk)\b"
)
# Above yes and no, what somebody has or has agreed to.
FLAGS = (
    r"\b(accepts?|accepted|agree\w*|consent|opt(ed)? (in|out)|subscribed to|tax exempt|vip|gdpr|privacy|has|have"
    r"|whatsapp|verified|is (a )?(company|business)|primary|default|dong y|co (website|app|fanpage)|2fa|mfa|sso"
    r"|two factor|beta|features?|onboarded|partner|referral|newsletters?|invoices?|non ?profit|xuat hoa don|bien ban)\b"
)
# What somebody has agreed to, has set up, or has had verified: nothing of it is the state of a customer.
SETTINGS = (
    r"\b(2fa|mfa|otp|sso|two (factor|step)|newsletters?|mailing|marketing|consents?|opt(ed)? ?(in|out)|gdpr|privacy"
    r"|cookies?|languages?|locale|notifications?|preferences?|settings?|ban tin|ngon ngu|nhan (tin|e ?mail|mail)"
    r"|bao mat \w+ (lop|buoc)|(e ?mail|phone|sms|zalo|whats ?app|domain|address|vat|tax|sdt|dien thoai)( \w+)?"
    r" (status|state|verified|verification|valid\w*|deliverab\w*|confirmed|confirmation|permission|subscri\w*)"
    r"|(verified|verify|confirmed|validated|subscribed|unsubscribed|xac (minh|thuc|nhan)) "
    r"(to |from |by |the )?(e ?mails?|phone|sms|sdt|dien thoai))\b"
)
# Of which a word says more, whatever its header is.
OF_STATE = (
    r"\b(trial\w*|free|freemium|refund\w*|charge ?back\w*|paid|paying|unpaid|churn\w*|dung thu|mien phi|hoan tien"
    r"|thanh toan)\b"
)
# Those whom a business counts no customers of: its own people, and what is tried out.
UNREAL = r"\b(internal|tests?|tester|testing|sandbox|dummy|fake|staging|noi bo|test thu|ao)\b"
# What is paid for once, whatever stands beside it.
ONCE = (
    r"\b(set ?up|implementation|onboarding|installation|hardware|consult\w*|training|workshop|one ?(time|off)|deposit"
    r"|migration|cai dat|khoi tao|trien khai|dao tao|lap dat|phan cung|tu van|dat coc|mot lan)\b"
)
# Who a customer is by law.
LEGAL_FORMS = (
    r"(an )?(individual|person(al)?|private|compan(y|ies)|corporate|corporation|business(es)?|organi[sz]ation"
    r"|enterprise|smb|sme|mid ?market|b2b|b2c|b2b2c|ca nhan|ho kinh doanh|cong ty|doanh nghiep|to chuc)"
)
NUMBERS = (
    r"\b(ages?|employees|headcount|staff|score\w*|rating|rank\w*|nps|csat|points?|tickets?|logins?|sessions?|visits?"
    r"|views?|clicks?|opens?|emails?|calls?|meetings?|demos?|notes|activit(y|ies)|touches|contacts?|leads?|attempts?"
    r"|referrals?|days?|hours?|minutes?|priority|longitude|latitude|lat|lng|zip|storage|usage|messages?|posts?|projects?"
    r"|times|submissions?|forms?|pages?|interactions?|responses?|replies|reviews?|last ?4|phone|id|no(?! of)|stt"
    r"|version|level|tuoi|nhan vien|nhan su|diem(?! ban)|danh gia|xep hang|lan|luot|ho tro|cuoc goi|tin nhan|ngay"
    r"|quy mo|thu tu|ma|codes?|tich luy|commissions?|hoa hong|vat|tax|thue|conversion|engagement)\b"
)
UNITS = (
    r"\b(users?|seats?|licen[cs]es?|qty|quantity|units?|copies|accounts?|agents|devices|terminals|members|so luong|sl"
    r"|tai khoan|nguoi dung|so ghe|so may)\b"
)
RENEWS = r"\b(auto ?renew\w*|renews|evergreen|tu dong gia han|gia han tu dong)\b"
# The code of a discount is a word that says nothing of its size.
SHARES = r"%|\b(percent(age)?|pct|phan tram)\b"
REDUCES = (
    r"^(?!.*\b(codes?|ma)\b).*\b(free|mien phi|tang|discounts?|coupons?|rebates?|vouchers?|promo\w*|giam( gia)?"
    r"|chiet khau|uu dai|khuyen mai|ck|km)\b"
)
CERTAINTY = r"\b(probability|likelihood|xac suat|ty le thang|ty le chot|kha nang thang|kha nang chot)\b"
MONEY = (
    r"\b(prices?|amounts?|fees?|revenue|mrr|arr|acv|tcv|arpa|arpu|value|rates?|charges?|payments?|paid|billed|invoiced"
    r"|total|subtotal|cost|spend|spent|sales|don gia|gia|gia tri|phi|cuoc|doanh thu|doanh so|tien|thanh toan|tong"
    r"|thu|tri gia)\b"
)
MONTHLY = r"\b(mrr|monthly|per month|mo|month|arpa|arpu|thang)\b"
YEARLY = r"\b(arr|acv|annual\w*|yearly|per year|year|nam)\b"
MONTHS = r"\b(months?|mths?|terms?|cycles?|periods?|intervals?|duration|thang|ky|ky han|thoi han|chu ky)\b"

# Of people who look after a row: their names are no statuses, whatever these are in another language (Huy, Thắng).
PEOPLE = (
    r"\b(owners?|reps?|representatives?|managers?|csm|agents?|assignee|assigned|sales ?person|account executive|host"
    r"|nhan vien|nv|nguoi|phu trach|cham soc|sales?|ctv|sdr|bdr)\b"
)
# Of what is done for a customer who has bought.
AFTER_SALE = r"\b(onboarding|adoption|implementation|training|health|integration|kickoff|trien khai|dao tao)\b"
# Above yes and no: a yes is what one hopes for, so that the rows of a no are those that may not count.
HOPED_FOR = (
    r"\b(convert\w*|conversion|paid|paying|pays|attended|show(ed|s)? ?up|came|joined|active|activated|valid|verified"
    r"|confirmed|approved|accepted|success\w*|qualified|won|live|enabled|real|human|completed?|tham gia|tham du"
    r"|da (thanh toan|tra|den|xac nhan|ky|duyet)|hop le|thanh cong|hoat dong|co mat|chuyen doi|that)\b"
)
# Of amounts: what has come in, what is still to come in, and what holds from another day on.
RECEIVED = r"\b(paid|collected|received|settled|cash in|payments?|da thu|da tra|da thanh toan|thuc thu|thuc tra)\b"
OWED = (
    r"\b(balance|outstanding|owed|owing|owes|arrears|amount due|due amount|unpaid|debts?|receivables?|cong no|con no"
    r"|so no|tien no|chua thu|chua tra|con thieu|phai thu)\b"
)
CHANGED = r"\b(new|upgraded?|downgraded?|changed?|after|updated|current|now|latest|moi|sau|hien tai|nang cap)\b"
# Of what is planned: what it is, or where, how long it lasted, and when it is.
PLANNED = r"\bdemos?\b|^(on ?line|off ?line|on ?site|in person|video|phone|zoom|google meet|truc tuyen|truc tiep)$"
LASTING = r"\b(duration|minutes?|mins?|length|lasted|seconds?|thoi luong|so phut|phut)\b"
MEETS = r"\b(starts?|start (date|time)|held|demo|meeting|event|appointment|call|gap|hop|dien ra|hen)\b"
# Of dates: of money that went back; of what is done again and again, or ends a pause; of the day people begin to pay.
REFUNDS = r"\b(refund\w*|charge ?backs?|charged back|disput\w*|reversed|reversal|hoan tien|hoan lai|tra lai tien)\b"
OF_ACTIVITY = (
    r"\b(activit(y|ies)|log ?(in|ged in)|logins?|seen|contacted|modified|modification|updated?|sync\w*|touch\w*"
    r"|engage\w*|emailed|called|meeting|visited|opened|viewed|resum\w*|hoat dong cuoi|dang nhap|cap nhat|lien he"
    r"|tuong tac)\b|\blast (active|used|contact|visit|email|call|order|payment|invoice)\b"
)
WON = r"\b(won|won (at|on|date|time)|ngay chot|chot ngay)\b"
STARTS = (
    r"\b(paid|paying|pays|billed|charged|customer) (since|from|on|at|date)\b"
    r"|\b(billing|charging) (starts?|from|since)\b|\btinh (phi|tien)\b"
    r"|\bfirst\b.*\b(pay\w*|paid|charged?|invoiced?|billed|bill|order|purchase)\b"
    r"|\b(paid (date|at|on)|payment (date|at|on)|date paid|convert\w*|conversion|activat\w*|go ?live|went live"
    r"|live (date|since)|accepted (at|on)|acceptance|kich hoat|nghiem thu|ban giao|thanh toan|chuyen doi)\b"
)
NOT_FIRST = (
    r"\b(next|last|latest|recent|renew\w*|due|expected|deactivat\w*|gan nhat|sap toi|ke tiep|cuoi|toi han|han)\b"
)


class Beside(Struct, frozen=True, kw_only=True, eq=False):
    """What the headers of columns that are not read say.

    ``attributes`` are of people and what they buy, whose words change no figure, and ``numbers`` of what is counted of
    them and multiplies nothing.  ``telling`` headers are of what became of a row, and so are ``kinds`` that are not
    ``of_attributes``.
    Above yes and no, what is ``apart`` says nothing of who pays, nor do ``flags``; ``settings`` say nothing by any
    words but those ``of_state``; ``unreal`` are words for who is no
    customer, ``once`` for what is not paid again, and ``legal_forms`` for who a customer is.  Amounts may be for each
    of ``units``, and ``renews`` is what goes on.
    ``shares`` multiply nothing, ``reduces`` is taken off an amount, ``certainty`` is the share of a deal that may be
    won.  ``money`` are words for amounts, ``monthly``, ``yearly`` and ``months`` for what they are paid for.
    ``people`` look after rows, and ``after_sale`` is what is done for who has bought; ``hoped_for`` is what a yes says.
    Of amounts, ``received`` has come in, ``owed`` has not, and ``changed`` holds from another day on.
    ``planned`` is what the rows of an input are of that may come about, ``lasting`` is how long that lasted, ``meets``
    when it is.
    Of dates, ``refunds`` are of money that went back, ``starts`` that are ``not_first`` excepted of the day from which
    on people pay, and ``of_activity`` are neither ends nor starts.  On days of what was ``won`` a deal begins to count.
    """

    attributes: str = ATTRIBUTES
    telling: str = TELLING
    kinds: str = KINDS
    of_attributes: str = OF_ATTRIBUTES
    apart: str = APART
    flags: str = FLAGS
    settings: str = SETTINGS
    of_state: str = OF_STATE
    unreal: str = UNREAL
    once: str = ONCE
    legal_forms: str = LEGAL_FORMS
    numbers: str = NUMBERS
    units: str = UNITS
    renews: str = RENEWS
    shares: str = SHARES
    reduces: str = REDUCES
    certainty: str = CERTAINTY
    money: str = MONEY
    monthly: str = MONTHLY
    yearly: str = YEARLY
    months: str = MONTHS
    people: str = PEOPLE
    after_sale: str = AFTER_SALE
    hoped_for: str = HOPED_FOR
    received: str = RECEIVED
    owed: str = OWED
    changed: str = CHANGED
    planned: str = PLANNED
    lasting: str = LASTING
    meets: str = MEETS
    refunds: str = REFUNDS
    of_activity: str = OF_ACTIVITY
    starts: str = STARTS
    won: str = WON
    not_first: str = NOT_FIRST

    def is_telling(self, key: str) -> bool:
        """Whether a header is of what became of a row.

        >>> Beside().is_telling("account type"), Beside().is_telling("card type"), Beside().is_telling("city")
        (True, False, False)
        """
        if re.search(self.after_sale, key):
            return False
        if re.search(self.telling, key):
            return True
        return bool(re.search(self.kinds, key)) and not re.search(self.of_attributes, key)

    def is_attribute(self, key: str) -> bool:
        """Whether a header is of an attribute, whose words change no figure.

        >>> Beside().is_attribute("sales owner"), Beside().is_attribute("account type"), Beside().is_attribute("city")
        (True, False, True)
        """
        of_any = f"{self.attributes}|{self.of_attributes}|{self.apart}|{self.after_sale}"
        return bool(re.search(of_any, key)) and not self.is_telling(key) and not re.search(self.unreal, key)

    def is_of_people(self, key: str) -> bool:
        """Whether a header is of who looks after a row.

        >>> Beside().is_of_people("deal owner"), Beside().is_of_people("owner status")
        (True, False)
        """
        return bool(re.search(self.people, key)) and not self.is_telling(key) and not re.search(self.unreal, key)

    def is_flag_of_attributes(self, key: str) -> bool:
        """Whether yes and no under a header say nothing of who pays.

        >>> Beside().is_flag_of_attributes("auto renew"), Beside().is_flag_of_attributes("test user")
        (True, False)
        """
        of_any = f"{self.apart}|{self.flags}|{self.after_sale}"
        return bool(re.search(of_any, key)) and not re.search(self.unreal, key)

    def is_setting(self, key: str, words: Iterable[str]) -> bool:
        """Whether a header is of a setting, a consent or a verification, and the words under it are of no state.

        >>> Beside().is_setting("newsletter", ["unsubscribed"]), Beside().is_setting("email status", ["bounced"])
        (True, True)
        >>> Beside().is_setting("status", ["subscribed"]), Beside().is_setting("email status", ["trial", "paid"])
        (False, False)
        """
        says_more = f"{self.of_state}|{self.unreal}"
        return bool(re.search(self.settings, key)) and not any(re.search(says_more, word) for word in words)


USUAL = Beside()
