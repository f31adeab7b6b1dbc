"""The texts and elements of the pages in the tests of content systems."""

from __future__ import annotations

import json

from kinds import page, paragraphs

STORY = (
    "The water company of Northern Vale will replace forty kilometres of lead pipe before next winter, its chairwoman said on Thursday.",
    "Work starts in the old town in March, where many houses were connected before the First World War and the pipes were never surveyed.",
    "“We should have done this ten years ago,” chairwoman Helen Stroud told a meeting of residents, who had complained of brown water since June.",
    "The regulator found traces of lead above the limit in 31 of 212 samples, most of them from streets around the cattle market.",
    "Residents will get bottled water until the work in their street is done, and the company pays for new taps in 1,900 homes.",
    "Opposition councillors said the plan came too late and asked who would pay for the 18 million crowns that it costs.",
)  # fmt: skip
"""The paragraphs of most pages."""
HEADLINE = "Northern Vale to replace all lead pipes before winter"
"""The headline of most pages."""
MENU = "<header class='site-header'><a href='/' class='logo'>Vale Courier</a><nav><ul>" + "".join(f"<li><a href='/{n}'>{n.title()}</a></li>" for n in "news sport business opinion culture travel weather obituaries jobs".split()) + "</ul></nav></header>"  # fmt: skip
"""The head of a site."""
FOOTER = "<footer><div class='cols'>" + "".join(f"<a href='/{n}'>{n}</a>" for n in ("About us", "Contact", "Advertise", "Terms of use", "Privacy", "Cookies")) + "</div><p>© 2024 Vale Courier Media Ltd. All rights reserved. Registered in Vale, company number 0123456.</p></footer>"  # fmt: skip
"""The foot of a site."""
TEASERS = ["Mayor opens new bridge over the Lynn after two years of delays", "Farmers warn of worst potato harvest in a decade after wet spring",
     "Teenager rescued from cliff thanks his dog and the lifeboat crew", "Vale Rovers sign goalkeeper from Portugal for undisclosed fee",
     "Council tax to rise by four per cent from April, papers show", "Five things to do in the valley this weekend with children"]  # fmt: skip
"""Headlines of other articles."""
GERMAN = ("Die Stadtwerke Nordtal ersetzen bis zum nächsten Winter vierzig Kilometer Bleirohre, wie die Vorstandschefin am Donnerstag sagte.",
      "Die Arbeiten beginnen im März in der Altstadt, wo viele Häuser vor dem Ersten Weltkrieg angeschlossen wurden.",
      "„Wir hätten das vor zehn Jahren tun sollen“, sagte Helene Strauß vor Anwohnern, die seit Juni über braunes Wasser klagen.",
      "Die Aufsicht fand in 31 von 212 Proben Blei über dem Grenzwert, die meisten stammen aus Straßen am Viehmarkt.")  # fmt: skip
GERMAN_HEADLINE = "Nordtal tauscht alle Bleirohre vor dem Winter aus"  # fmt: skip
SPANISH = ("La compañía de aguas de Valle Norte sustituirá cuarenta kilómetros de tubería de plomo antes del próximo invierno, según anunció su presidenta este jueves.",
      "Las obras comienzan en marzo en el casco antiguo, donde muchas casas se conectaron antes de la Primera Guerra Mundial.",
      "“Tendríamos que haberlo hecho hace diez años”, dijo Elena Estévez ante los vecinos, que se quejan del agua turbia desde junio.",
      "El regulador encontró plomo por encima del límite en 31 de 212 muestras, la mayoría de calles junto al mercado de ganado.")  # fmt: skip
SPANISH_HEADLINE = "Valle Norte cambiará todas sus tuberías de plomo antes del invierno"  # fmt: skip
FRENCH = ("La compagnie des eaux du Val-Nord remplacera quarante kilomètres de canalisations en plomb avant l’hiver prochain, a annoncé jeudi sa présidente.",
      "Les travaux commencent en mars dans la vieille ville, où de nombreuses maisons ont été raccordées avant la Première Guerre mondiale.",
      "« Nous aurions dû le faire il y a dix ans », a déclaré Hélène Estroud devant des habitants qui se plaignent d’une eau brune depuis juin.",
      "Le régulateur a relevé du plomb au-dessus du seuil dans 31 des 212 échantillons, la plupart prélevés autour du marché aux bestiaux.")  # fmt: skip
FRENCH_HEADLINE = "Le Val-Nord remplacera toutes ses conduites en plomb avant l’hiver"  # fmt: skip
JAPANESE = ("北谷市の水道会社は木曜日、次の冬までに四十キロの鉛管をすべて交換すると発表した。", "工事は三月に旧市街で始まる。多くの家は第一次世界大戦の前に接続され、調査されたことがなかった。",
      "「十年前にやるべきだった」と佐藤春子社長は住民集会で語った。六月から茶色い水への苦情が続いている。", "規制当局は212の検体のうち31から基準を超える鉛を検出した。多くは家畜市場の周辺である。")  # fmt: skip
JAPANESE_HEADLINE = "北谷市、冬までに鉛管すべて交換へ"  # fmt: skip
KOREAN = ("북계곡 수도회사는 목요일 내년 겨울까지 납 수도관 40킬로미터를 모두 교체하겠다고 밝혔다.", "공사는 3월 구시가지에서 시작되며, 많은 주택이 제1차 세계대전 이전에 연결되어 조사된 적이 없었다.",
      "“10년 전에 했어야 할 일”이라고 한지민 사장은 주민 설명회에서 말했다. 주민들은 6월부터 갈색 물을 호소해 왔다.", "규제 당국은 212개 시료 중 31개에서 기준을 넘는 납을 확인했으며 대부분 가축시장 주변에서 나왔다.")  # fmt: skip
KOREAN_HEADLINE = "북계곡, 겨울 전까지 납 수도관 전면 교체"  # fmt: skip
ARABIC = ("أعلنت شركة المياه في وادي الشمال يوم الخميس أنها ستستبدل أربعين كيلومترا من أنابيب الرصاص قبل الشتاء المقبل.", "تبدأ الأعمال في مارس/آذار في المدينة القديمة حيث وصلت بيوت كثيرة بالشبكة قبل الحرب العالمية الأولى.",
      "وقالت رئيسة الشركة هالة سعيد أمام السكان الذين يشكون من المياه البنية منذ يونيو/حزيران: \"كان علينا أن نفعل ذلك قبل عشر سنوات\".", "ووجدت الجهة الرقابية آثار رصاص فوق الحد المسموح في 31 عينة من 212، معظمها من شوارع حول سوق الماشية.")  # fmt: skip
ARABIC_HEADLINE = "وادي الشمال يستبدل كل أنابيب الرصاص قبل الشتاء"  # fmt: skip
INDONESIAN = ("Perusahaan air Lembah Utara akan mengganti empat puluh kilometer pipa timbal sebelum musim dingin, kata direktur utamanya pada Kamis (7/3/2024).", "Pekerjaan dimulai pada bulan Maret di kota tua, tempat banyak rumah tersambung sebelum Perang Dunia Pertama.",
      "\"Seharusnya kami melakukannya sepuluh tahun lalu,\" kata Hesti Sutrisno di depan warga yang mengeluhkan air keruh sejak Juni.", "Regulator menemukan timbal di atas batas pada 31 dari 212 sampel, sebagian besar dari jalan di sekitar pasar ternak.")  # fmt: skip
INDONESIAN_HEADLINE = "Lembah Utara Ganti Semua Pipa Timbal Sebelum Musim Dingin"  # fmt: skip
PORTUGUESE = ("A companhia de águas do Vale do Norte vai trocar quarenta quilômetros de canos de chumbo antes do próximo inverno, disse a presidente nesta quinta-feira (7).", "As obras começam em março no centro antigo, onde muitas casas foram ligadas antes da Primeira Guerra Mundial.",
      "“Deveríamos ter feito isso há dez anos”, afirmou Helena Estrela a moradores que reclamam de água marrom desde junho.", "A agência reguladora encontrou chumbo acima do limite em 31 de 212 amostras, a maioria de ruas perto do mercado de gado.")  # fmt: skip
PORTUGUESE_HEADLINE = "Vale do Norte vai trocar todos os canos de chumbo antes do inverno"  # fmt: skip
PERSIAN = ("شرکت آب دره شمالی روز پنجشنبه اعلام کرد که چهل کیلومتر لوله سربی را تا زمستان آینده عوض می‌کند.", "کار از ماه مارس در شهر قدیم آغاز می‌شود، جایی که خانه‌های بسیاری پیش از جنگ جهانی اول وصل شده‌اند.", "رئیس شرکت به ساکنانی که از ژوئن از آب قهوه‌ای شکایت دارند گفت: «باید ده سال پیش این کار را می‌کردیم».")  # fmt: skip
PERSIAN_HEADLINE = "دره شمالی همه لوله‌های سربی را عوض می‌کند"  # fmt: skip
THAI = ("บริษัทประปาหุบเขาเหนือจะเปลี่ยนท่อตะกั่วสี่สิบกิโลเมตรก่อนฤดูหนาวหน้า ประธานบริษัทกล่าวเมื่อวันพฤหัสบดี", "งานจะเริ่มในเดือนมีนาคมในเมืองเก่า ซึ่งบ้านหลายหลังต่อท่อก่อนสงครามโลกครั้งที่หนึ่ง", "หน่วยงานกำกับดูแลพบตะกั่วเกินค่ามาตรฐานใน 31 จาก 212 ตัวอย่าง ส่วนใหญ่มาจากถนนรอบตลาดวัว")  # fmt: skip
THAI_HEADLINE = "หุบเขาเหนือจะเปลี่ยนท่อตะกั่วทั้งหมดก่อนฤดูหนาว"  # fmt: skip
CHINESE = ("北谷自來水公司週四表示，將在明年冬天之前更換四十公里的鉛管。", "工程三月在舊城區開始，許多房屋在第一次世界大戰前接管，從未調查。", "主管機關在212個樣本中的31個發現鉛含量超標，多數來自牛市場周邊街道。")  # fmt: skip
CHINESE_HEADLINE = "北谷將在冬天前更換所有鉛管"  # fmt: skip


def sheet(
    head: str = "", body: str = "", lang: str = "en", title: str = f"{HEADLINE} - Vale Courier"
) -> str:
    """Return a page with these elements."""
    return page(head, body, lang, title)


def linked(**values: object) -> str:
    """Return JSON-LD with these properties."""
    return f"<script type='application/ld+json'>{json.dumps(values, ensure_ascii=False)}</script>"


def properties(**values: str) -> str:
    """Return meta elements; "og_title" is og:title."""
    return "".join(
        f"<meta property='{name.replace('_', ':', 1)}' content='{value}'>"
        for name, value in values.items()
    )


def cards(count: int = 6) -> str:
    """Return teasers with classes, headings and texts."""
    return "".join(
        f"<div class='card'><a href='/t{at}'><img src='{at}.jpg' alt=''><h3>{text}</h3></a><p>{text}. The full report on this story with pictures from the scene.</p></div>"
        for at, text in enumerate(TEASERS[:count])
    )


def bare_teasers() -> str:
    """Return teasers without classes: a picture, a link, a day."""
    return "".join(
        f"<div><div><a href='/t{at}'><img src='{at}.jpg'></a></div><div><a href='/t{at}'>{text}</a></div><div>12 March 2024</div></div>"
        for at, text in enumerate(TEASERS)
    )


def split(at: int, between: str) -> str:
    """Return the paragraphs with other elements between two of them."""
    return paragraphs(STORY[:at]) + between + paragraphs(STORY[at:])
