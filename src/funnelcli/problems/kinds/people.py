"""What is odd about whose rows they are: people who join nobody, or not by the usual columns."""

from funnelcli.problems.kinds.declare import remark, warning
from funnelcli.text import Message

_JOINED = Message("{stage} joined to {other} by {columns}: {joined} of {people}{others}")

OF_PEOPLE = (
    warning(
        "people-by-cells",
        Message("no header is known for people, and {column!r} is the only column of their own {kind}: it names them"),
        Message("Say so in funnel.toml: [inputs.{stage}.columns] {ours} = {column!r}; or name the right column there."),
    ),
    remark(
        "people-by-filled",
        Message("{usual!r} is empty in {empty} of the first {rows} [row|rows]: {column!r} names the people"),
        Message("If the other does: [inputs.{stage}.columns] {ours} = {usual!r}."),
    ),
    remark(
        "source-by-cells",
        Message("no header is known for the source, and the words under {column!r} are sources: it is read as that"),
        Message("Say so in funnel.toml: [inputs.{stage}.columns] {ours} = {column!r}; if it is none: {ours} = false."),
    ),
    warning(
        "status-by-cells",
        Message("{header!r} is read as the status: its words are known, and most of those under {usual!r} are not"),
        Message(
            "Say so in funnel.toml: [inputs.{stage}.columns] {column} = {header!r}; or name the other column there."
        ),
    ),
    warning(
        "zone-not-known",
        Message("the header says {zone}, which is no one time zone: the times are read as those of {local}"),
        Message("Write the offset into the header, like (GMT+7), or the zone into [business] timezone."),
    ),
    warning(
        "orphan-user",
        Message("{user} has no signup"),
        Message("It counts; check that the signups export reaches back far enough."),
    ),
    warning(
        "ids-do-not-join",
        Message(
            "{joined} of {people} [person|people] in {stage} [joined!is|are] among those of {other}: no id, or "
            "hardly one, "
            "is in common. "
            "Ids are like {mine!r} here and {theirs!r} there; compared {compared}"
        ),
        Message(
            "Are the ids of one kind? They count, but nothing links them to {other}, so to no channel. "
            'Name the headers that join: [identity] {stage} = "…", {other} = "…".'
        ),
    ),
    remark(
        "joined-by",
        _JOINED,
        Message('If other columns name the people: [identity] {stage} = "…", {other} = "…".'),
    ),
    warning(
        "joined-in-part",
        _JOINED,
        Message(
            "The others count, but nothing links them to {other}, so to no channel. If other columns name the people: "
            '[identity] {stage} = "…", {other} = "…".'
        ),
    ),
    warning(
        "ids-made-alike",
        Message(
            "{count} [id|ids] of {stage} [count!stands|stand] in {other} in other letters, like {mine!r} for "
            "{theirs!r}; "
            "they are taken for the same people"
        ),
        Message("Export both with the ids as text, so that none is changed."),
    ),
    warning(
        "ids-in-a-list",
        Message(
            "{count} [cell|cells] of {stage} [count!names|name] several people, like {mine!r}; such a row belongs to "
            "the "
            "first who is in "
            "{other}, here {theirs!r}"
        ),
        Message("A row counts once, whoever it names."),
    ),
    warning(
        "ids-in-thousands",
        Message(
            "{count} [id is|ids are] written with a mark between thousands, like {value!r}, and all others are "
            "numbers too: "
            "read as {plain!r}"
        ),
        Message("Export the ids as text, so that none is changed."),
    ),
    warning(
        "id-of-nobody",
        Message(
            "{value!r} is a word for whoever it may be, and {rows} [row has|rows have] it: "
            "[it counts|they count] as one person"
        ),
        Message("To leave them out: [inputs.{stage}.drop] {header!r} = [{value!r}]."),
    ),
    warning(
        "id-of-several",
        Message(
            "{value!r} stands beside {count} different cells under {other!r}, like {examples}, and other ids beside "
            "one each: its rows count as one person"
        ),
        Message(
            "If these are several people: [inputs.{stage}.columns] {column} = {other!r}; or leave them out: "
            "[inputs.{stage}.drop] {header!r} = [{value!r}]."
        ),
    ),
    warning(
        "ids-of-tests",
        Message("{count} [id is|ids are] like {value!r}, by which a form is tried: each counts as a person"),
        Message("To leave them out: [inputs.{stage}.drop] {header!r} = [{value!r}], where a * stands for any letters."),
    ),
    warning(
        "ids-number-rows",
        Message(
            "the ids under {header!r} number the rows from 1 on and begin anew, so that {value!r} is taken for who was "
            "{value!r} before: {count} [row does|rows do] not count"
        ),
        Message(
            'Name the column that says who it is: [inputs.{stage}.columns] {column} = "your header"; or '
            "write ids that nobody else has."
        ),
    ),
    warning(
        "ids-are-names",
        Message(
            "the ids under {header!r} are names, and {count} [row is|rows are] of a name that was there on an earlier "
            "day, like {value!r}: whoever has the same name counts as one"
        ),
        Message(
            "If these are others, name a column of e-mails, phones or ids: [inputs.{stage}.columns] {column} = "
            '"your header".'
        ),
    ),
    warning(
        "ids-as-days",
        Message(
            "{count} [id is|ids are] written as days, like {value!r}: a spreadsheet makes them of ids like MAR-1, of "
            "two different ones the same"
        ),
        Message("Export again, and open the file with this column as text."),
    ),
    warning(
        "ids-nearly-alike",
        Message(
            "{count} [id differs|ids differ] from another one in nothing but capitals and marks, like {value!r} and "
            "{other!r}: each counts as a person of its own"
        ),
        Message("If they are one, write them alike."),
    ),
    warning(
        "ids-shared",
        Message(
            "{count} [value|values] under {mine!r} or, in {other}, {theirs!r}, like {value!r}, "
            "[count!is that|are those] "
            "of several people: "
            "they join nobody"
        ),
        Message('Where each is one person, say so: [identity] {stage} = "{mine}", {other} = "{theirs}".'),
    ),
    remark(
        "attribute-by-filled",
        Message("{column!r} is read as {attribute}, as the fullest of the columns that mean it; not read: {others}"),
        Message("If another one is meant: name the attribute by its header in [leads.fit] or [icp]."),
    ),
)
