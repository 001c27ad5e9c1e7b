"""Scores in words, faces and of other scales: read where the whole column tells, else named; no run stops for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from support import in_month, said_of, write_folder

ANSWERS, RATE = "csat_answers", "csat_rate"
READ, UNREAD = ("scores-in-words", "score"), ("score-not-understood", "score")


def surveys(
    folder: Path, cells: Sequence[str], config: str = "", name: str = "csat.csv", header: str = "score"
) -> Path:
    rows = "".join(f'u{n},2026-01-0{n % 9 + 1},"{cell}"\n' for n, cell in enumerate(cells))
    return write_folder(folder, {name: f"user_id,answered_at,{header}\n{rows}"}, config)


@pytest.mark.parametrize(
    ("cells", "content", "answers", "codes"),
    [
        (("Good", "Bad", "Good", "Offered"), 2, 3, [READ]),
        (("Good with comment", "good_with_comment", "Bad"), 2, 3, [READ]),
        (("Very satisfied", "Satisfied", "Neutral", "Dissatisfied"), 2, 4, [READ]),
        (("Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng"), 2, 4, [READ]),
        (("RAT HAI LONG", "khong hai long"), 1, 2, [READ]),
        (("Extremely Happy", "Happy", "Neutral", "Unhappy", "Very Unhappy"), 2, 5, [READ]),
        (("Excellent", "Very good", "Average", "Poor"), 2, 4, [READ]),
        (("Rất tốt", "Tốt", "Trung bình", "Tệ"), 2, 4, [READ]),
        (("Amazing", "Great", "OK", "Bad", "Terrible"), 2, 5, [READ]),
        (("🤩", "😃", "😐", "🙁", "😠"), 2, 5, [READ]),
        (("Thumbs up", "Thumbs down"), 1, 2, [READ]),
        (("5 - Very satisfied", "1 - Very dissatisfied"), 1, 2, []),
        (("4/5", "2/5", "5/5"), 2, 3, []),
        (("★★★★☆", "★★☆☆☆"), 1, 2, []),
        # Good is the second of five beside "Average", and the third of them beside "Excellent" and "Poor".
        (("Good", "Poor"), 0, 0, [UNREAD]),
        (("Excellent", "Good", "Fair", "Poor"), 0, 0, [UNREAD]),
        (("80%", "100%"), 0, 0, [UNREAD]),
        (("Satisfied", "Xanh", "Dissatisfied"), 1, 2, [READ, UNREAD]),
        # The lower the better: whatever 4 is here, it is not content.
        (("1 - Very satisfied", "4 - Dissatisfied", "5 - Very dissatisfied"), 0, 0, [UNREAD]),
    ],
)
def test_words_of_satisfaction(
    cells: Sequence[str], content: int, answers: int, codes: list[tuple[str, str]], tmp_path: Path
) -> None:
    surveys(tmp_path, cells)
    expected = [answers, content / answers if answers else None]
    assert in_month(tmp_path, "2026-01", ANSWERS, RATE) == expected
    assert sorted(said_of(tmp_path)) == sorted(codes)


def test_the_settings_say_what_words_mean(tmp_path: Path) -> None:
    """Two of three are content: Xanh 5, Vàng 3 and one in numbers; Xám is no answer."""
    config = '[inputs.surveys]\nempty = ["Xám"]\n[inputs.surveys.scores]\n"xanh*" = 5\n"Vàng" = 3\n'
    surveys(tmp_path, ("Xanh lá", "Vàng", "4", "Xám"), config)
    assert in_month(tmp_path, "2026-01", ANSWERS, RATE) == [3, pytest.approx(2 / 3)]
    assert UNREAD not in said_of(tmp_path)


def test_words_of_satisfaction_are_no_nps(tmp_path: Path) -> None:
    """Neither a word nor one of five says how likely it is that somebody recommends us."""
    surveys(tmp_path, ("Satisfied", "Dissatisfied", "4/5", "9", "10/10"), name="nps.csv")
    assert in_month(tmp_path, "2026-01", "nps_answers", "nps_promoters") == [2, 2]
    assert ("score-of-another-scale", "score") in said_of(tmp_path)
    assert (
        "3 answers are of another scale than that of NPS, 0–10"
        in said_of(tmp_path)["score-of-another-scale", "score"][0]
    )


def test_one_of_ten_is_no_csat(tmp_path: Path) -> None:
    surveys(tmp_path, ("4/10", "5/5", "1"))
    assert in_month(tmp_path, "2026-01", ANSWERS, RATE) == [2, 0.5]
    assert list(said_of(tmp_path)) == [("score-of-another-scale", "score")]


def test_words_say_which_question_was_asked(tmp_path: Path) -> None:
    surveys(tmp_path, ("Satisfied", "Dissatisfied"), name="surveys.csv")
    assert in_month(tmp_path, "2026-01", ANSWERS, RATE) == [2, 0.5]


def test_scores_of_tickets_in_words(tmp_path: Path) -> None:
    rows = "1,a,2026-01-05,2026-01-06,Good\n2,b,2026-01-05,2026-01-06,Bad\n3,c,2026-01-05,2026-01-06,Offered\n"
    write_folder(tmp_path, {"tickets.csv": f"ticket_id,user_id,opened_at,resolved_at,satisfaction\n{rows}"})
    assert in_month(tmp_path, "2026-01", ANSWERS, RATE) == [2, 0.5]
    assert list(said_of(tmp_path)) == [("scores-in-words", "csat")]
    why, step = said_of(tmp_path)["scores-in-words", "csat"]
    assert why == "3 scores are in words: 'Good' is content, 'Bad' is not, 'Offered' is no answer"
    assert "[inputs.tickets.scores] 'Good' = 3" in step
