"""The names of the groups of people by which a change can be split beside the dimensions that files tell of."""

TENURE, COHORT, AMOUNT = "tenure", "cohort", "amount"
GROUPS = (TENURE, COHORT, AMOUNT)
