"""Dates, authors, headlines and texts as outlets of many countries state them.

Covers text.zones and sources.page.titles.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cms import (
    ARABIC,
    ARABIC_HEADLINE,
    CHINESE,
    CHINESE_HEADLINE,
    FOOTER,
    FRENCH,
    FRENCH_HEADLINE,
    GERMAN,
    GERMAN_HEADLINE,
    HEADLINE,
    INDONESIAN,
    INDONESIAN_HEADLINE,
    JAPANESE,
    JAPANESE_HEADLINE,
    KOREAN,
    KOREAN_HEADLINE,
    PERSIAN,
    PERSIAN_HEADLINE,
    PORTUGUESE,
    PORTUGUESE_HEADLINE,
    SPANISH,
    SPANISH_HEADLINE,
    STORY,
    THAI,
    THAI_HEADLINE,
    linked,
    properties,
    sheet,
)
from kinds import Kind, differences, paragraphs, read

_SEEN = datetime(2024, 3, 7, 12, 0, tzinfo=UTC)
"""When the pages with relative dates were fetched."""


def _article(meta="", texts=STORY, headline=HEADLINE, tail=""):
    return f"<article><h1>{headline}</h1>{meta}{paragraphs(texts)}{tail}</article>"


def _dated(name, line, wanted, language="en", texts=STORY, headline=HEADLINE, head="", **more):
    page = sheet(head, _article(line, texts, headline), language, headline)
    return Kind(name, page, wanted, **more)


def _signed(name, line, authors, language="en", texts=STORY, headline=HEADLINE, head="", **more):
    return _dated(name, line, {"authors": authors}, language, texts, headline, head, **more)


def _titled(name, title, heading, wanted, head="", **more):
    shown = f"<h1>{heading}</h1>" if heading else ""
    page = sheet(head, f"<div>{shown}{paragraphs(STORY)}</div>", title=title)
    return Kind(name, page, {"headline": wanted}, **more)


DATES = [
    _dated("jalali beside gregorian", "<div class='info'><span>۱۷ اسفند ۱۴۰۲ - ۱۲:۴۵</span> | <span>Thursday, March 7, 2024</span></div>", {"day": "2024-03-07"}, "fa", PERSIAN, PERSIAN_HEADLINE),
    _dated("jalali with weekday, digits and code", "<div>کد خبر: ۸۵۴۱۲۳ | تاریخ انتشار: پنجشنبه ۱۷ اسفند ۱۴۰۲ - ۱۲:۴۵</div>", {"minute": "2024-03-07 09:15"}, "fa", PERSIAN, PERSIAN_HEADLINE, address="https://vale.example.ir/news/854123"),
    _dated("jalali in meta", "", {"day": "2024-03-07"}, "fa", PERSIAN, PERSIAN_HEADLINE, head="<meta name='publish_date' content='1402/12/17 12:45'>"),
    _dated("thai with colon and posted", "<div>เผยแพร่: 7 มี.ค. 2567 16:15 &nbsp; ปรับปรุง: 8 มี.ค. 2567 18:00 &nbsp; โดย: ผู้จัดการออนไลน์</div>", {"minute": "2024-03-07 09:15", "changed": "2024-03-08"}, "th", THAI, THAI_HEADLINE, address="https://vale.example.co.th/x"),
    _dated("thai weekday long", "<span>วันพฤหัสบดีที่ ๗ มีนาคม พ.ศ. ๒๕๖๗</span>", {"day": "2024-03-07"}, "th", THAI, THAI_HEADLINE),
    _dated("japanese era with gregorian", "<p class='date'>令和6年（2024年）3月7日（木）</p>", {"day": "2024-03-07"}, "ja", JAPANESE, JAPANESE_HEADLINE),
    _dated("japanese era letter", "<p class='date'>掲載日：R6.3.7</p>", {"day": "2024-03-07"}, "ja", JAPANESE, JAPANESE_HEADLINE),
    _dated("japanese updated only in kanji", "<div>公開：2024/03/07 18:15　更新：2024/03/08 9:00</div>", {"day": "2024-03-07", "changed": "2024-03-08"}, "ja", JAPANESE, JAPANESE_HEADLINE),
    _dated("minguo with dots", "<div>發布日期：113.03.07　點閱次數：120</div>", {"day": "2024-03-07"}, "zh-TW", CHINESE, CHINESE_HEADLINE),
    _dated("minguo with slashes", "<div>發稿日期：113/03/07 17:15　更新日期：113/03/08</div>", {"day": "2024-03-07", "changed": "2024-03-08"}, "zh-TW", CHINESE, CHINESE_HEADLINE, address="https://vale.gov.tw/n"),
    _dated("hijri first", "<div>الخميس 26 شعبان 1445 هـ الموافق 7 مارس 2024 م</div>", {"day": "2024-03-07"}, "ar", ARABIC, ARABIC_HEADLINE),
    _dated("hijri with slashes beside gregorian", "<div>1445/08/26 - 2024/03/07 | 12:15</div>", {"day": "2024-03-07"}, "ar", ARABIC, ARABIC_HEADLINE),
    _dated("korean input and edit", "<div class='info'>입력 2024.03.07 18:15 <span>수정 2024.03.08. 오전 9:00</span></div>", {"minute": "2024-03-07 09:15", "changed": "2024-03-08"}, "ko", KOREAN, KOREAN_HEADLINE, address="https://vale.example.kr/a"),
    _dated("korean gisa ipryeok", "<em>기사입력 : 2024년 03월 07일 18:15</em>", {"minute": "2024-03-07 09:15"}, "ko", KOREAN, KOREAN_HEADLINE, address="https://vale.example.co.kr/a"),
    _dated("vietnamese", "<span>Thứ năm, 7/3/2024, 16:15 (GMT+7)</span>", {"minute": "2024-03-07 09:15"}, "vi", ("Công ty cấp nước Thung lũng Bắc sẽ thay bốn mươi km ống chì trước mùa đông tới, chủ tịch công ty cho biết hôm thứ Năm.", "Công việc bắt đầu vào tháng Ba tại khu phố cổ, nơi nhiều ngôi nhà được nối ống trước Thế chiến thứ nhất.", "Cơ quan quản lý phát hiện chì vượt ngưỡng trong 31 trên 212 mẫu, phần lớn từ các phố quanh chợ gia súc."), "Thung lũng Bắc thay toàn bộ ống chì trước mùa đông"),
    _dated("turkish", "<div>Giriş Tarihi: 7.3.2024 12:15 &nbsp; Son Güncelleme: 8.3.2024 14:00</div>", {"day": "2024-03-07", "changed": "2024-03-08"}, "tr", ("Kuzey Vadi su şirketi gelecek kıştan önce kırk kilometre kurşun boruyu değiştirecek, başkan perşembe günü söyledi.", "Çalışmalar mart ayında eski şehirde başlıyor; birçok ev Birinci Dünya Savaşı öncesinde bağlanmıştı.", "Düzenleyici kurum 212 numunenin 31'inde sınırın üzerinde kurşun buldu."), "Kuzey Vadi tüm kurşun boruları değiştiriyor"),
    _dated("polish", "<div>Data utworzenia: 7 marca 2024, 10:15.<br>Data aktualizacji: 8 marca 2024, 9:00.</div>", {"day": "2024-03-07", "changed": "2024-03-08"}, "pl", ("Wodociągi Północnej Doliny wymienią przed zimą czterdzieści kilometrów ołowianych rur, poinformowała w czwartek prezes.", "Prace zaczną się w marcu na starym mieście, gdzie wiele domów podłączono przed pierwszą wojną światową.", "Regulator znalazł ołów powyżej normy w 31 z 212 próbek, głównie z ulic wokół targu bydła."), "Północna Dolina wymieni wszystkie ołowiane rury"),
    _dated("hungarian", "<time>2024. március 7. 10:15</time>", {"day": "2024-03-07"}, "hu", ("Az Északi-völgy vízműve a jövő tél előtt negyven kilométer ólomcsövet cserél ki, közölte csütörtökön az elnök.", "A munka márciusban kezdődik az óvárosban, ahol sok házat az első világháború előtt kötöttek be.", "A felügyelet a 212 mintából 31-ben talált határérték feletti ólmot."), "Az Északi-völgy kicseréli az ólomcsöveket"),
    _dated("greek", "<div>Δημοσίευση: 07 Μαρτίου 2024, 11:15 | Ενημερώθηκε: 08 Μαρτίου 2024, 10:00</div>", {"day": "2024-03-07", "changed": "2024-03-08"}, "el", ("Η εταιρεία ύδρευσης της Βόρειας Κοιλάδας θα αντικαταστήσει σαράντα χιλιόμετρα μολύβδινων σωλήνων πριν από τον χειμώνα.", "Οι εργασίες αρχίζουν τον Μάρτιο στην παλιά πόλη, όπου πολλά σπίτια συνδέθηκαν πριν από τον Α΄ Παγκόσμιο Πόλεμο.", "Η ρυθμιστική αρχή βρήκε μόλυβδο πάνω από το όριο σε 31 από τα 212 δείγματα."), "Η Βόρεια Κοιλάδα αλλάζει όλους τους σωλήνες"),
    _dated("bengali", "<div>প্রকাশ: ০৭ মার্চ ২০২৪, ১৫: ১৫</div><div>আপডেট: ০৮ মার্চ ২০২৪</div>", {"day": "2024-03-07", "changed": "2024-03-08"}, "bn", ("উত্তর উপত্যকার পানি কোম্পানি আগামী শীতের আগে চল্লিশ কিলোমিটার সীসার পাইপ বদলাবে, বৃহস্পতিবার চেয়ারম্যান জানান।", "মার্চে পুরোনো শহরে কাজ শুরু হবে, যেখানে অনেক বাড়ি প্রথম বিশ্বযুদ্ধের আগে সংযুক্ত হয়েছিল।", "নিয়ন্ত্রক সংস্থা ২১২টি নমুনার ৩১টিতে সীমার বেশি সীসা পেয়েছে।"), "উত্তর উপত্যকা সব সীসার পাইপ বদলাবে"),
    _dated("hindi", "<div>Published: गुरुवार, 7 मार्च, 2024, 14:45 [IST]</div>", {"minute": "2024-03-07 09:15"}, "hi", ("उत्तरी घाटी की जल कंपनी अगली सर्दी से पहले चालीस किलोमीटर सीसे के पाइप बदलेगी, अध्यक्ष ने गुरुवार को कहा।", "काम मार्च में पुराने शहर में शुरू होगा, जहाँ कई घर प्रथम विश्व युद्ध से पहले जुड़े थे।", "नियामक को 212 में से 31 नमूनों में सीमा से अधिक सीसा मिला।"), "उत्तरी घाटी सभी सीसे के पाइप बदलेगी"),
    _dated("french abbreviations with h", "<span>Publié le jeu. 07/03/2024 à 10h15 • Mis à jour le ven. 08/03/2024 à 9h</span>", {"day": "2024-03-07", "changed": "2024-03-08"}, "fr", FRENCH, FRENCH_HEADLINE),
    _dated("ordinal us", "<p>Posted: Thursday, March 7th, 2024 at 9:15 a.m. EST</p>", {"minute": "2024-03-07 14:15"}),
    _dated("minutes ago", "<p class='time'>By Ann Reed · 45 mins ago</p>", {"minute": "2024-03-07 11:15"}, seen=_SEEN),
    _dated("yesterday at", "<p class='time'>Yesterday at 9:15 am</p>", {"day": "2024-03-06"}, seen=_SEEN),
    _dated("spanish relative", "<span class='fecha'>Hace 2 horas</span>", {"minute": "2024-03-07 10:00"}, "es", SPANISH, SPANISH_HEADLINE, seen=_SEEN),
    _dated("event date in the text is no date", "<p>The meeting takes place on 21 March 2024 in the town hall.</p>", {"day": "2024-03-07"}, head=properties(article_published_time="2024-03-07")),
]  # fmt: skip
AUTHORS = [
    _signed("by, agency after comma", "<p class='byline'>By ANN REED and BO LUND, The Associated Press</p>", ("ANN REED", "BO LUND")),
    _signed("name and title behind a comma", "<div class='author'>Ann Reed, Health Correspondent</div>", ("Ann Reed",)),
    _signed("name with place", "<div class='byline'>Ann Reed in Lynn and Bo Lund in Northern Vale</div>", ("Ann Reed", "Bo Lund")),
    _signed("staff", "<div class='byline'>By Staff Reporter</div>", ()),
    _signed("web desk", "<div class='author-name'>Web Desk</div>", ()),
    _signed("redaktion", "<span class='autor'>Von der Redaktion</span>", (), "de", GERMAN, GERMAN_HEADLINE),
    _signed("german two with und and agency", "<span class='autor'>Von Anna Rieth und Bernd Lutz, dpa</span>", ("Anna Rieth", "Bernd Lutz"), "de", GERMAN, GERMAN_HEADLINE),
    _signed("spanish redaccion", "<span class='autor'>Redacción / Agencias</span>", (), "es", SPANISH, SPANISH_HEADLINE),
    _signed("portuguese por and email", "<p class='autor'>Por Ana Reis (ana.reis@vale.example)</p>", ("Ana Reis",), "pt", PORTUGUESE, PORTUGUESE_HEADLINE),
    _signed("french avec afp", "<p class='auteur'>Anne Roux avec AFP</p>", ("Anne Roux",), "fr", FRENCH, FRENCH_HEADLINE),
    _signed("json-ld id in graph", "", ("Ann Reed",), head=linked(**{"@graph": [{"@type": "NewsArticle", "headline": HEADLINE, "author": {"@id": "#p1"}}, {"@type": "Person", "@id": "#p1", "name": "Ann Reed"}]})),
    _signed("list of contributors", "<ul class='contributors'><li><a href='/by/ann-reed' rel='author'>Ann Reed</a><span>Reporter</span></li><li><a href='/by/bo-lund' rel='author'>Bo Lund</a><span>Photographer</span></li></ul>", ("Ann Reed", "Bo Lund")),
    _signed("names with particles and initials", "<p class='byline'>By J. R. van der Berg, Maria de la Cruz and Seán Ó Briain</p>", ("J. R. van der Berg", "Maria de la Cruz", "Seán Ó Briain")),
    _signed("meta author is an address", "", (), head="<meta name='author' content='https://www.facebook.com/valecourier'>"),
    _signed("meta author beside the same in capitals", "<p class='byline'>Ann McReed</p>", ("Ann McReed",), head="<meta name='author' content='ANN MCREED'>"),
    _signed("indonesian reporter and editor", "<div>Penulis: Ani Rahayu | Editor: Budi Lukman</div>", ("Ani Rahayu",), "id", INDONESIAN, INDONESIAN_HEADLINE),
    _signed("byline leaves the body", "<p>By Ann Reed</p>", ("Ann Reed",), has=STORY, lacks=("By Ann Reed",)),
    Kind("in brackets below the text", sheet("", _article("", JAPANESE, JAPANESE_HEADLINE, "<p>（田中花子）</p>"), "ja"), {"authors": ("田中花子",)}, has=JAPANESE, lacks=("田中花子",)),
    Kind("behind a dash below the text", sheet(properties(og_site_name="Vale Courier"), _article(tail="<p><em>— Ann Reed, Vale Courier</em></p>")), {"authors": ("Ann Reed",)}, has=STORY, lacks=("— Ann Reed",)),
]  # fmt: skip
HEADLINES = [
    _titled("two kickers in front of one headline", "Water in the valley: Council splits over lead pipes after a stormy session", "Lead - Council splits over lead pipes after a stormy session", "Council splits over lead pipes after a stormy session", properties(og_title="Water in the valley: Council splits over lead pipes after a stormy session")),
    _titled("site and section, no h1", "Council splits over lead pipes | News | Vale Courier", "", "Council splits over lead pipes", properties(og_site_name="Vale Courier")),
    _titled("site first", "Vale Courier: Council splits over lead pipes", "", "Council splits over lead pipes", properties(og_site_name="Vale Courier")),
    _titled("date behind", "Council splits over lead pipes | Vale Courier | 07.03.2024", "", "Council splits over lead pipes", properties(og_site_name="Vale Courier")),
    _titled("host confirms", "Council splits over lead pipes – valecourier.example", "", "Council splits over lead pipes", address="https://www.valecourier.example/n/1"),
    _titled("a dash of the headline itself", "Lead pipes - a history of neglect", "Lead pipes - a history of neglect", "Lead pipes - a history of neglect"),
    _titled("a bar in the headline confirmed by h1", "Watch | Brown water in the valley - Vale Courier", "Watch | Brown water in the valley", "Watch | Brown water in the valley", properties(og_site_name="Vale Courier")),
    _titled("h1 is the section", "Council splits over lead pipes | Vale Courier", "News", "Council splits over lead pipes", properties(og_title="Council splits over lead pipes")),
    _titled("seo title differs, h1 wins", "Lead pipes: what you need to know", "Council splits over lead pipes in stormy session", "Council splits over lead pipes in stormy session", properties(og_title="Council splits over lead pipes in stormy session")),
    _titled("kicker within h1", "Council splits over lead pipes - Vale Courier", "<span class='kicker'>Water crisis</span> Council splits over lead pipes", "Council splits over lead pipes", properties(og_title="Council splits over lead pipes")),
    _titled("breaking label stays out", "Council splits over lead pipes - Vale Courier", "<span class='label'>EXCLUSIVE</span>Council splits over lead pipes", "Council splits over lead pipes", properties(og_title="Council splits over lead pipes")),
]  # fmt: skip
TEXTS = [
    Kind("zwnj and bidi kept", sheet("", f"<article><h1>{PERSIAN_HEADLINE}</h1>{paragraphs(PERSIAN)}<p>او می‌گوید: «خانه‌ها»\u200f و \u2067متن\u2069 می‌ماند و کتاب‌هایش را می‌برد.</p></article>", "fa"), has=("او می‌گوید: «خانه‌ها»\u200f و \u2067متن\u2069 می‌ماند",)),
    Kind("emoji sequences", sheet("", _article("", tail="<p>The families 👨‍👩‍👧‍👦 flew the flag 🏴󠁧󠁢󠁳󠁣󠁴󠁿 and hearts ❤️ over the square that evening, cafe\u0301 owners said.</p>")), has=("👨‍👩‍👧‍👦 flew the flag 🏴󠁧󠁢󠁳󠁣󠁴󠁿 and hearts ❤️ over", "cafe\u0301 owners")),
    Kind("japanese br and latin", sheet("", f"<article><h1>{JAPANESE_HEADLINE}</h1>{paragraphs(JAPANESE)}<p>市は新しい<b>AI</b>システムを<br>導入し、Google<br>の技術を使うと<a href='/x'>発表</a>した。担当者は七月までに全家庭へ配布すると述べた。</p></article>", "ja"), has=("新しいAIシステムを", "使うと発表した")),
    Kind("hover card in a sentence", sheet("", _article("", tail="<p>Councillor <span class='person'><a href='/p'>Bo Lund</a><span class='hovercard'><b>Bo Lund</b> Member for Lynn East since 2019</span></span> voted against the plan and left the room.</p>")), has=("Councillor Bo Lund voted against",), lacks=("Member for Lynn",)),
    Kind("tooltip by role", sheet("", _article("", tail="<p>The limit in <button>micrograms<span role='tooltip'>a millionth of a gram</span></button> is lower in the cities of the coast.</p>")), has=("The limit in micrograms is lower",), lacks=("millionth",)),
    Kind("footnotes", sheet("", _article("", tail="<p>The law dates from 1974.<sup><a href='#fn1'>1</a></sup> It was changed twice since then.</p><ol class='footnotes'><li id='fn1'>Water Act 1974, section 12, as amended in 1991. <a href='#r1'>↩</a></li></ol>")), has=("The law dates from 1974.", "Water Act 1974, section 12")),
    Kind("data table", sheet("", _article("", tail="<table><thead><tr><th>Street</th><th>Samples</th><th>Above limit</th></tr></thead><tbody><tr><td>Mill Lane</td><td>14</td><td>6</td></tr><tr><td>Market Row</td><td>22</td><td>9</td></tr></tbody></table>")), has=("Mill Lane · 14 · 6",)),
    Kind("recipe", sheet("", "<article><h1>Valley potato soup</h1><p>A soup that my grandmother cooked when the nights were long, and that feeds a family of six people.</p><h2>Ingredients</h2><ul><li>1 kg potatoes</li><li>2 onions</li><li>500 ml milk</li></ul><h2>Method</h2><ol><li>Peel the potatoes and cut them into cubes.</li><li>Fry the onions gently until they are soft.</li><li>Add the milk and cook for twenty minutes.</li></ol></article>", title="Valley potato soup"), has=("1 kg potatoes", "2 onions", "Peel the potatoes", "Add the milk")),
    Kind("embedded tweet with author", sheet("", f"<article><h1>{HEADLINE}</h1>{paragraphs(STORY[:2])}<blockquote class='twitter-tweet'><p lang='en'>We will not drink this water any longer, and neither should you.</p>&mdash; Bo Lund (@bolund) <a href='https://twitter.com/bolund/status/1'>March 6, 2024</a></blockquote>{paragraphs(STORY[2:])}</article>"), has=(*STORY, "We will not drink this water any longer", "Bo Lund")),
    Kind("live blog with times", sheet("", "<article><h1>Storm over the valley: live</h1>" + "".join(f"<section class='live-entry'><time datetime='2024-03-07T{9+i:02}:15:00Z'>{9+i:02}:15</time><h2>Entry about the storm number {i}</h2><p>{x}</p></section>" for i, x in enumerate(STORY)) + "</article>", title="Storm over the valley: live"), {"day": "2024-03-07"}, has=(*STORY, "Entry about the storm number 2")),
    Kind("question and answer", sheet("", f"<article><h1>“We were too slow”</h1><p><b>Ms Stroud, why did it take so long?</b></p><p>{STORY[1]}</p><p><b>Who pays?</b></p><p>{STORY[4]}</p><p><b>And the children?</b></p><p>{STORY[3]}</p></article>", title="“We were too slow”"), has=("why did it take so long?", "Who pays?", "And the children?")),
    Kind("standfirst repeated as first paragraph", sheet("", f"<article><h1>{HEADLINE}</h1><p class='standfirst'>{STORY[0]}</p>{paragraphs(STORY)}</article>"), once=STORY),
    Kind("mobile and desktop copies", sheet("", f"<article><h1>{HEADLINE}</h1><div class='desktop'>{paragraphs(STORY)}</div><div class='mobile'>{paragraphs(STORY)}</div></article>"), once=STORY),
    Kind("short article, long legal text", sheet("", f"<article><h1>{HEADLINE}</h1><p>{STORY[0]}</p></article><section class='legal'><p>" + "The information on this website is provided for general purposes and does not constitute advice of any kind. We accept no liability for losses that arise from its use. " * 5 + "</p></section>" + FOOTER), has=(STORY[0],), lacks=("liability",)),
    Kind("noscript holds the text", sheet("", f"<div id=app></div><noscript><article><h1>{HEADLINE}</h1>{paragraphs(STORY)}</article></noscript>"), has=STORY),
    Kind("template with shadow root", sheet("", f"<news-article><template shadowrootmode='open'><h1>{HEADLINE}</h1>{paragraphs(STORY)}</template></news-article>"), has=STORY),
    Kind("player caption and transcript button", sheet("", f"<article><h1>{HEADLINE}</h1><div class='video-player'><p>To play this video you need to enable JavaScript in your browser.</p><p>Watch: Residents show their brown tap water</p></div>{paragraphs(STORY)}</article>"), has=STORY, lacks=("enable JavaScript", "Watch: Residents")),
]  # fmt: skip


@pytest.mark.parametrize("kind", DATES, ids=lambda kind: kind.name)
def test_dates_of_outlets(kind):
    assert not differences(kind, read(kind))


@pytest.mark.parametrize("kind", AUTHORS, ids=lambda kind: kind.name)
def test_authors_of_outlets(kind):
    assert not differences(kind, read(kind))


@pytest.mark.parametrize("kind", HEADLINES, ids=lambda kind: kind.name)
def test_headlines_of_outlets(kind):
    assert not differences(kind, read(kind))


@pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.name)
def test_texts_of_outlets(kind):
    assert not differences(kind, read(kind))
