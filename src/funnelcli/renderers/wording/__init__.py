"""Raw values as text for people, and text from data made harmless; shared by the formats."""
