"""Facts selected and added up, period by period."""
