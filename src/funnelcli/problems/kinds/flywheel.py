"""What is odd about surveys, invites, tickets, activities and hand-overs: rows that count nowhere, or not in all."""

from funnelcli.problems.kinds.declare import remark, warning
from funnelcli.text import Message

OF_FLYWHEEL = (
    warning(
        "survey-kind-not-known",
        Message("{value!r} ({rows} [row|rows]) is no kind of survey we know: these answers are in no figure"),
        Message("Write nps or csat in that column, or leave such rows out: [inputs.surveys] drop."),
    ),
    warning(
        "survey-scale-undecided",
        Message(
            "{rows} [answer|answers] from 1 to 5 could be to NPS (0 to 10) or to CSAT (1 to 5): they are in no figure"
        ),
        Message("Name the file nps… or csat…, or add a column kind that says nps or csat."),
    ),
    warning(
        "answer-undated",
        Message("the score {score} has no day on which it was given: it is in no period"),
        Message("Fill in when it was answered."),
    ),
    warning(
        "answer-without-score",
        Message("answered, but without a score: the survey counts as answered, and in no score"),
        Message("Fill in the score, or empty the day where nobody answered."),
    ),
    warning(
        "score-off-the-scale",
        Message("{score} is no score of {scale}: the answer is in no figure"),
        Message("Mend the score, or the kind of the survey."),
    ),
    remark(
        "scores-in-words",
        Message("{rows} [score is|scores are] in words: {words}"),
        Message("If a word means something else: [inputs.{stage}.scores] {word!r} = 3 (of 1 to 5)."),
    ),
    warning(
        "score-not-understood",
        Message("{rows} [score is|scores are] not understood and in no figure: {words}"),
        Message(
            "Say what they mean: [inputs.{stage}.scores] {word!r} = 4 (of 1 to 5; 0 to 10 of NPS); what is no answer: "
            "[inputs.{stage}] empty = [{word!r}]."
        ),
    ),
    warning(
        "score-of-another-scale",
        Message(
            "{rows} [answer is|answers are] of another scale than that of {kind}, {scale}: of 5 or of 10, or in words; "
            "in no figure"
        ),
        Message("Mend the kind of the survey, or say what the cells mean: [inputs.{stage}.scores]."),
    ),
    warning(
        "ticket-status-not-known",
        Message("{rows} [ticket has|tickets have] a status that nobody knows ({values}): it says nothing"),
        Message("Say what it means: [inputs.{stage}.status] solved = [{word!r}] (or open)."),
    ),
    warning(
        "solved-undated",
        Message(
            "{rows} [ticket is|tickets are] solved by [rows!its|their] status, on a day that nothing says: not open at "
            "the end, and in no resolution time"
        ),
        Message("Fill in when they were solved."),
    ),
    warning(
        "solved-and-open",
        Message("{rows} [ticket was|tickets were] solved, and [rows!is|are] open by [rows!its|their] status: solved"),
        Message("If they were opened again, empty the day on which they were solved."),
    ),
    warning(
        "answered-before-opened",
        Message("was first answered before it was opened: the answer is in no response time"),
        Message("Mend the dates, or empty the first response."),
    ),
    warning(
        "invited-themselves",
        Message("invites who invites: no invite"),
        Message("Mend who was invited, or take the row out."),
    ),
    warning(
        "accepted-before-invited",
        Message("was accepted before the invite: it counts as accepted"),
        Message("Mend the dates; empty the day of acceptance where the signup says it."),
    ),
    warning(
        "accepted-before-handover",
        Message("was accepted before it was handed over: it does not count as accepted by that"),
        Message("Mend the dates, or empty the acceptance; a demo that was booked since accepts a lead, too."),
    ),
    warning(
        "accepted-after-return",
        Message("was accepted after it came back: that is no acceptance of this hand-over"),
        Message("Give the lead a row of its own for when it was handed over again, or mend the dates."),
    ),
    warning(
        "returned-before-handover",
        Message("came back before it was handed over: it does not count as returned"),
        Message("Mend the dates; a return stands in the row of the hand-over that it ends."),
    ),
    warning(
        "activity-status-not-known",
        Message("statuses that are not understood: {words}; {why}"),
        Message("Say what they mean: [inputs.activities.status] done or not_done = [...]."),
    ),
    warning(
        "activity-unmarked",
        Message("{rows} [activity|activities] without a mark where the others have one ({words}): not done"),
        Message("If they were: [inputs.activities.columns] status = false."),
    ),
    warning(
        "activity-direction-not-known",
        Message("directions that are not understood: {words}; these count by their kind"),
        Message("Say what they mean: [inputs.activities.status] inbound or outbound = [...]."),
    ),
    remark(
        "activity-outcome-not-known",
        Message("outcomes that do not say whether both sides spoke: {words}; {why}"),
        Message("Say what they mean: [inputs.activities.status] spoke or not_spoke = [...]."),
    ),
    remark(
        "activity-side-not-known",
        Message(
            "nothing says of {rows} [activity|activities] whether they are the customer's or ours: they are neither"
        ),
        Message(
            "Add a column `kind` (`call`, `email`, `meeting`, `login`, `use`) or `direction` (`inbound`, `outbound`)."
        ),
    ),
    warning(
        "activity-undated",
        Message("{rows} [activity that was|activities that were] done [rows!has|have] no day: in no figure"),
        Message("Fill in when they were done; what is only planned says so in its status."),
    ),
    remark(
        "activity-not-done",
        Message(
            "{rows} [activity is|activities are] planned, called off or not delivered by what the rows say: not done"
        ),
        Message("If a word means something else: [inputs.activities.status] done = [...]."),
    ),
    remark(
        "activity-kind-not-known",
        Message(
            "{rows} [activity|activities] of ours [rows!is|are] on no channel that we know ({words}): no contact with "
            "anybody"
        ),
        Message("Write call, email, chat, meeting or video in the column `kind`."),
    ),
    remark(
        "activity-nameless",
        Message(
            "{rows} [mail of ours names|mails of ours name] nobody who wrote [rows!it|them]: no contact by a person"
        ),
        Message("If people wrote them: add a column `owner`, or name it: [inputs.activities.columns] owner = [...]."),
    ),
    remark(
        "column-by-cells",
        Message("{header!r} is read as `{column}`: most of its cells are words of that ({words})"),
        Message("If it is something else: [inputs.{stage}] ignore = [{header!r}]."),
    ),
    remark(
        "column-of-others",
        Message(
            "{header!r} has words like those of `{column}` ({words}) and is not read: by its header it is of others"
        ),
        Message("If it is of the rows themselves: [inputs.{stage}.columns] {column} = {header!r}."),
    ),
)
