"""From a goal to quotas, and from quotas to what is still to be done: pure functions over exact fractions."""
