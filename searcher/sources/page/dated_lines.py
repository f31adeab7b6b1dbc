"""Lines of a page that state dates: which of them are of publication, and which of a change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searcher.text.calendars import in_ascii_digits, names_other_calendar
from searcher.text.cleaning import clean_line
from searcher.text.dates import IN_WORDS

DATED = re.compile(
    r"(?<!\d)\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}(?!\d)|\d{4}[年년]\s?\d{1,2}[月월]\s?\d{1,2}[日일]"
    r"|(?<!\d)\d{4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}(?!\d)"
    r"|(?<!\d)\d{1,2}/\d{1,2}/\d{4}(?!\d)|(?<![\d./-])1[0-2]\d[/.]\d{2}[/.]\d{2}(?![\d./-])"
    rf"|{IN_WORDS}|(?<!\d)\d{{4}}\.\s[^\W\d_]{{3,12}}\s\d{{1,2}}\.(?!\d)"
)
"""A date in figures or words, with its year."""
_DIGIT = re.compile(r"\d|[〇一二三四五六七八九十]年")
"""A digit of any script, which most lines do not have."""
_UPDATED = re.compile(
    r"(?<![^\W\d_])(?:(?:last )?(?:updated?|modified|modification)|edited|changed"
    r"|aktualisier\w*|geändert|"
    r"stand(?=\s*[:.]?\s*\d)|mise? à jour|modifiée?|actuali[sz]a\w*|modific\w*"
    r"|aggiorna\w*|modificato|atuali[sz]a\w*|bijgewerkt|gewijzigd|laatste update"
    r"|oppdater\w*|uppdatera\w*|opdater\w*|päivitetty"
    r"|muokattu|zaktualizowan\w*|aktualizacja|aktuali[sz]\w*|zmieniono|upraven\w*|změněno|frissít\w*"
    r"|módosít\w*|ändrad|endret|ændret|redigert|redigerad|redigeret|modificat\w*|imesasishwa"
    r"|обновл\w*|изменен\w*|оновлен\w*|"
    r"güncelle\w*|diperbarui|cập nhật|ενημ\w*|ажурир\w*|ažurir\w*|تحديث|آخر تحديث|به‌روز\w*"
    r"|बदला|अपडेट|আপডেট|হালনাগাদ|อัปเดต|อัปเดท|อัพเดต|อัพเดท|ปรับปรุง|แก้ไข|"
    r"עודכן|עדכון)(?![^\W\d_])|更新|수정|업데이트|最終更新",
    re.IGNORECASE,
)
"""Words that mark a date of change."""
_PUBLISHED = re.compile(
    r"(?<![^\W\d_])(?:(?:first |originally )?(?:published|posted|publication|created"
    r"|issued)|veröffentlich\w*|erstell\w*|"
    r"erschienen|publié\w*|paru|créé\w*|publicad[oa]|publicación|pubblicat[oa]|publicaç\w*"
    r"|gepubliceerd|geplaatst|"
    r"publicerad|publisert|publiceret|udgivet|julkaistu|opublikowan\w*|dodan\w*|publika\w*"
    r"|publikowan\w*|utworzono|zveřejněn\w*|közzétév\w*|közzétett\w*|publicare|imechapishwa"
    r"|publikován\w*|vydán\w*|"
    r"megjelen\w*|publicat|опубликован\w*|опубліковано|дата публикации|yayın\w*|oluşturma"
    r"|diterbitkan|dipublikasikan|"
    r"đăng|δημοσι\w*|објав\w*|objav\w*|نشر|نُشر|تاريخ النشر|انتشار|प्रकाशित|প্রকাশ\w*|เผยแพร่"
    r"|פורסם)(?![^\W\d_])"
    r"|発行|公開|配信|掲載|投稿日|发布|發布|发表|發表|發佈|刊登|입력|등록|기사입력|게재|작성",
    re.IGNORECASE,
)
"""Words that mark a date of publication."""
_LABEL = rf"(?:{_UPDATED.pattern}|{_PUBLISHED.pattern})"
_PARTS = re.compile(
    rf"\s*[|•·∙;–—／\n]\s*|\s-\s|[.,)(]?\s+(?={_LABEL})|\s*\(\s*(?={_LABEL})|(?<=\d)\s*[.,]?\s*(?={_LABEL})|(?<=日)\s*(?={_LABEL})",
    re.IGNORECASE,
)
"""Where a line with two dates is divided."""
RELATIVE = re.compile(
    r"(?<!\w)(?:\d{1,2}|an?|one)\s(?:minute|hour|day|week|hr|min)s?\sago(?!\w)"
    r"|(?<!\w)(?:today|heute|hoy|oggi|hoje|vandaag|aujourd.hui|сегодня|yesterday|gestern|ayer|ieri|"
    r"ontem|gisteren|hier|вчера),?\s(?:at|um|à|a las|alle|às|om|в)?\s?"
    r"\d{1,2}:\d{2}(?!\d)|(?<!\w)yesterday(?!\w)"
    r"|(?<!\w)vor\s(?:\d{1,2}|einer|einem)\s(?:minute|stunde|tag|woche)(?:e?n)?(?!\w)"
    r"|(?<!\w)il y a\s(?:\d{1,2}|une?)\s(?:minute|heure|jour|semaine)s?(?!\w)"
    r"|(?<!\w)hace\s(?:\d{1,2}|una?)\s(?:minuto|hora|día|semana)s?(?!\w)"
    r"|(?<!\w)há\s(?:\d{1,2}|uma?)\s(?:minuto|hora|dia|semana)s?(?!\w)"
    r"|(?<!\w)\d{1,2}\s(?:minuti|or[ae]|giorn[oi]|settiman[ae])\sfa(?!\w)"
    r"|(?<!\w)\d{1,2}\s(?:minuten|minuut|uur|uren|dag|dagen|weken|week)\sgeleden(?!\w)"
    r"|(?<!\w)\d{1,2}\s(?:минут\w*|час\w*|дн\w*|день|недел\w*)\sназад(?!\w)"
    r"|(?<!\w)\d{1,2}\s(?:dakika|saat|gün|hafta)\sönce(?!\w)"
    r"|\d{1,2}\s?(?:分钟|小时|天|周|分鐘|小時|週)前|\d{1,2}\s?(?:分|時間|日|週間)前|\d{1,2}\s?(?:분|시간|일|주)\s?전"
    r"|(?:منذ|قبل)\s\d{1,2}\s(?:دقيقة|دقائق|ساعة|ساعات|يوم|أيام)",
    re.IGNORECASE,
)
"""A moment by its distance from now."""


def names_date(text: str) -> bool:
    """Return whether a line states a date with its year."""
    if not _DIGIT.search(text):
        return False
    return bool(DATED.search(in_ascii_digits(text))) or names_other_calendar(text)


def is_update(text: str) -> bool:
    """Return whether the words beside a date say that it is of a change."""
    return bool(_UPDATED.search(text)) and not _PUBLISHED.search(text)


def is_publication(text: str) -> bool:
    """Return whether the words beside a date say that it is of publication."""
    return bool(_PUBLISHED.search(text))


def dates_in(line: str, label: str = "") -> Iterator[tuple[str, bool]]:
    """Yield the parts of a line that state a date, each with whether it is a date of change.

    label: the text in front of the line.
    """
    line = in_ascii_digits(line)
    parts = [part for part in _PARTS.split(line) if names_date(part)]
    if len(parts) < 2:
        marked = is_update(line) or (is_update(label) and not is_publication(line))
        yield clean_line(line), marked
        return
    for part in parts:
        yield clean_line(part), is_update(part)
