"""What a value is and how it is written: periods, dates, numbers, amounts, channel patterns; and one figure."""
