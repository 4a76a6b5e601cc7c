"""The view ``answer_rows``: packed answers as rows (survey, box, answer, line, choice), on both databases."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SQLITE = f"""
CREATE VIEW answer_rows AS
SELECT b.survey_id, a.box_id, a.id AS answer, json_extract(l.value, '$.code') AS line,
       json_extract(l.value, '$.options[' || (instr('{_CHARACTERS}', substr(a.packed, l.key + 1, 1)) - 1) || ']') AS choice
FROM surveys_answer a
JOIN surveys_box b ON b.id = a.box_id
JOIN surveys_form f ON f.version = a.form_id
JOIN json_each(f.lines) l
WHERE substr(a.packed, l.key + 1, 1) <> '-'
"""  # noqa: S608 - a fixed alphabet is put in
_POSTGRES = f"""
CREATE VIEW answer_rows AS
SELECT b.survey_id, a.box_id, a.id AS answer, l.value ->> 'code' AS line,
       l.value -> 'options' ->> (strpos('{_CHARACTERS}', substr(a.packed, l.n::int, 1)) - 1) AS choice
FROM surveys_answer a
JOIN surveys_box b ON b.id = a.box_id
JOIN surveys_form f ON f.version = a.form_id
CROSS JOIN LATERAL jsonb_array_elements(f.lines) WITH ORDINALITY AS l (value, n)
WHERE substr(a.packed, l.n::int, 1) <> '-'
"""  # noqa: S608 - a fixed alphabet is put in


def create(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """In the words of the database at hand."""
    editor.execute(_POSTGRES if editor.connection.vendor == "postgresql" else _SQLITE)


def drop(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Gone again."""
    editor.execute("DROP VIEW answer_rows")


class Migration(migrations.Migration):
    """The view."""

    dependencies = (("surveys", "0001_initial"),)
    operations = (migrations.RunPython(create, drop),)
