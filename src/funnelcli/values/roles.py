"""Roles in the decision of a firm to buy, and what exports call them."""

# Roles that need no settings: the buying roles of HubSpot, and what they are called elsewhere.
BUYING_ROLES: dict[str, tuple[str, ...]] = {
    "decider": ("decision maker*", "decider*", "người quyết định*"),
    "budget": ("budget holder*", "người duyệt ngân sách*"),
    "sponsor": ("executive sponsor*", "nhà bảo trợ*"),
    "champion": ("champion*", "người ủng hộ*"),
    "influencer": ("influencer*", "người ảnh hưởng*"),
    "user": ("end user*", "người dùng*", "người sử dụng*"),
    "legal": ("legal*", "pháp chế*"),
    "blocker": ("blocker*", "người cản trở*"),
}
