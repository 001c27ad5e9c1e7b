"""How the chance that something happens depends on what is known before: a regularised logistic regression.

It takes scikit-learn, which an install of funnelcli alone does not bring.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

FOLDS = 5
_SEED = 20_260_101
_STRENGTHS = (0.01, 0.1, 1.0)  # inverse ones of the regularisation, of which the best is taken


class Regression(Struct, frozen=True, kw_only=True, eq=False):
    """Log odds for each column of what was known, and of each row the chance that the others, without it, give it."""

    weights: np.ndarray
    chance: np.ndarray


def regression(known: np.ndarray, happened: np.ndarray) -> Regression:
    """The regression of ``happened`` on the columns of ``known``, its strength chosen by cross-validation.

    The same rows give the same weights.  ImportError where scikit-learn is not installed; ValueError where one of the
    outcomes is there fewer than five times.
    """
    from sklearn.linear_model import LogisticRegressionCV
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    if min(int(happened.sum()), int((~happened).sum())) < FOLDS:
        raise ValueError("both outcomes have to be there in every part")
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=_SEED)
    model = LogisticRegressionCV(
        Cs=list(_STRENGTHS),
        cv=folds,
        scoring="neg_log_loss",
        max_iter=1000,
        l1_ratios=(0.0,),
        use_legacy_attributes=False,
    )
    outcome = happened.astype(int)
    fitted = model.fit(known, outcome)
    chance = cross_val_predict(model, known, outcome, cv=folds, method="predict_proba")[:, 1]
    return Regression(weights=np.asarray(fitted.coef_[0], dtype=float), chance=np.asarray(chance, dtype=float))
