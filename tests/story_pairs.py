"""Pairs of invented articles: notices of one form, retellings of one event, and reprints.

Those with `is_held_back` were not looked at while rules were chosen.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Told = Literal["apart", "story", "copy"]
"""The relation of two articles: on two events, on one event in different texts, or of one text."""


class Pair(NamedTuple):
    """Two articles and their relation."""

    name: str
    told: Told
    language: str
    headlines: tuple[str, str]
    texts: tuple[str, str]
    hours: int
    outlets: tuple[str, str]
    is_held_back: bool


def _form(
    name, language, headline, text, one, other, hours=1, outlets=("Post", "Post"), held=False
):
    """Return a form that is filled in twice."""
    return Pair(
        name,
        "apart",
        language,
        (headline.format(*one), headline.format(*other)),
        (text.format(*one), text.format(*other)),
        hours,
        outlets,
        held,
    )


def _pair(name, told, language, headlines, texts, hours=3, held=False):
    return Pair(name, told, language, headlines, texts, hours, ("Post", "Gazette"), held)


BURGLARY = (
    "Unknown persons broke into a jeweller's shop in the centre of {0} during the night of Tuesday. "
    "They forced the back door with a crowbar, emptied the display cases and fled in a dark estate "
    "car. Neighbours heard the alarm but saw nobody. Officers secured traces at the scene and "
    "questioned the owner in the morning. The value of the stolen goods is not yet known. The police "
    "ask witnesses who noticed suspicious persons or vehicles to call the nearest station."
)
BOND = (
    "{0} is raising {1} million euros through a bond that matures in {2}, lead manager Nordhaven "
    "Bank said. The bond has a coupon of {3} percent and is priced at {4}. It is offered in units of "
    "1,000 euros and will be listed in Luxembourg. Payment is on June 12. The selling concession is "
    "1.25 percent, and management and underwriting together pay 0.625 percent."
)
COUNCIL = (
    "Der Gemeinderat von {0} tritt am {1} um 19 Uhr im großen Sitzungssaal des Rathauses zusammen. "
    "Auf der Tagesordnung stehen {2} sowie Anfragen der Fraktionen. Zu Beginn haben Einwohner "
    "Gelegenheit, Fragen an die Verwaltung zu richten. Die Sitzung ist öffentlich, die Unterlagen "
    "liegen im Bürgerbüro aus. Im Anschluss berät der Rat nichtöffentlich über Grundstücke."
)
PEAK = (
    "La préfecture de {0} place le département en vigilance orange pour {1} à partir de {2} heures. "
    "Les habitants sont invités à limiter leurs déplacements, à s'éloigner des cours d'eau et à "
    "mettre à l'abri les objets exposés au vent. Les numéros d'urgence restent joignables à tout "
    "moment. Un nouveau point de situation sera publié dans la soirée par Météo-France."
)
DRAW = (
    "Estos son los números premiados en el sorteo de la Primitiva celebrado este {0}: {1}. El número "
    "complementario es el {2} y el reintegro el {3}. No hubo acertantes de primera categoría, por lo "
    "que el bote se acumula para el próximo sorteo. Los premios se cobran en cualquier "
    "administración de loterías durante los tres meses siguientes. Juegue con responsabilidad."
)
CINEMA = (
    "Il cinema {0} di {1} propone questa settimana {2}, ogni sera alle {3}. La proiezione del "
    "mercoledì è in lingua originale con sottotitoli. I biglietti costano 7 euro, ridotto 5 per "
    "studenti e pensionati, e si comprano alla cassa o sul sito. La sala è accessibile ai disabili e "
    "il bar apre mezz'ora prima dello spettacolo. Per le scuole ci sono proiezioni al mattino."
)
PROMOTION = (
    "{0} named {1} as its chief financial officer, effective July 1. {1} succeeds {2}, who retires "
    "after a career of twenty years with the company. The chief executive officer praised the "
    "experience of the new officer in finance and strategy and thanked the predecessor for the many "
    "years of service. The company said that its outlook for the year was unchanged, and that the "
    "search had been led by a committee of the board with the help of consultants."
)
TRIAL = (
    "{0}, {1}, of {2}, admitted theft from a shop when appearing before magistrates in Carrow on "
    "Monday. The court heard that {0} had taken {3} worth {4} pounds and was stopped by a guard at "
    "the door. The magistrates imposed a community order of twelve months with unpaid work, and "
    "costs of 85 pounds. The names of those convicted are published on the order of the court."
)
SOCCER = (
    "{0} won {2} against {1} on the opening day of the Lakes Cup. {3} scored the winner in minute "
    "{4} before {5} spectators. {0} lead their group now, while {1} need a win in the next match. "
    "The second round of the Lakes Cup is played on Saturday. This text was made from data of the "
    "league and checked by an editor before it was published on our pages."
)
RAIN = (
    "Météo : à {0}, le ciel sera nuageux ce {1} avec {2} degrés le matin et {3} l'après-midi. Le vent "
    "soufflera du nord-ouest à {4} km/h. Quelques averses sont possibles sur le relief en soirée, "
    "surtout au-dessus de mille mètres. La tendance pour la suite de la semaine reste incertaine, "
    "avec un retour progressif de la douceur. Ces prévisions sont actualisées deux fois par jour."
)
SHARES = (
    "A ação da {0} fechou em {1} de {2} por cento, a {3} reais, com volume de {4} milhões. O "
    "Ibovespa ficou perto da estabilidade. Analistas consultados pela bolsa mantêm, em média, a "
    "recomendação neutra para o papel. Este texto foi produzido de forma automática com dados do "
    "pregão e não constitui recomendação de investimento aos leitores deste jornal."
)
TIDES = (
    "Полиция района {0} сообщает: {1} в результате столкновения двух автомобилей на улице {2} "
    "пострадали {3} человека. Водители прошли освидетельствование. Движение было затруднено в "
    "течение часа. Обстоятельства происшествия выясняются. Очевидцев просят обратиться в ближайшее "
    "отделение. Сотрудники дорожной службы напоминают о необходимости соблюдать дистанцию."
)
BONUS = (
    "{0}（{1}）14日晚间公告，公司拟以集中竞价方式回购股份，回购资金总额不低于{2}亿元，回购价格不超过"
    "{3}元每股，回购期限为董事会审议通过之日起十二个月内。公司董事会保证公告内容真实、准确、完整，"
    "不存在虚假记载。本次回购的股份将用于员工持股计划，具体以交易所披露文件为准。"
)
QUAKE = (
    "{0}で14日午前、震度{1}の地震があり、気象庁によると震源の深さは{2}キロ、地震の規模を示す"
    "マグニチュードは{3}と推定される。この地震による津波の心配はない。消防によると、けが人の情報は"
    "入っていない。鉄道各社は安全確認のため一部の区間で運転を見合わせた。"
)
OBITUARY = (
    "{0}, {1}, die jarenlang {2} was in {3}, is {4} in alle rust overleden. De afscheidsdienst wordt "
    "gehouden in aula De Linden, waar de familie vanaf 14 uur gelegenheid geeft tot condoleren. De "
    "begrafenis vindt daarna plaats in besloten kring. Geen bloemen, liever een gift aan het "
    "hospice. De familie dankt de thuiszorg voor de liefdevolle verpleging in de laatste weken."
)
FIRE = (
    "A fire gutted a {0} in {1} on {2}, and {3} firefighters took {4} hours to put it out, the "
    "Rennet county brigade said. No one was injured. Fire chief Dora Pelham said that the cause was "
    "being investigated. People living in {5} were asked to keep doors and windows shut."
)
POWER = (
    "Wodociągi Miejskie informują, że {0} w godzinach {1} nastąpi przerwa w dostawie wody w "
    "miejscowości {2}, ulice {3}. Przyczyną są prace przy sieci. Mieszkańców prosimy o "
    "zgromadzenie zapasu wody. Po wznowieniu dostaw woda może być przejściowo mętna. Za "
    "utrudnienia przepraszamy. Dyżurny odpowiada na pytania przez całą dobę."
)
GRAIN = (
    "{0} bought {1} tonnes of {2} wheat at its tender, traders said. The price was {3} dollars a "
    "tonne, cost and freight, for shipment in {4}. Four houses had made offers, the traders said, "
    "and the next tender is expected when harvests have been assessed."
)
ARABIC = (
    "أعلنت بلدية {0} عن إغلاق شارع {1} أمام حركة السير اعتبارا من يوم {2} ولمدة {3} أيام بسبب أعمال "
    "صيانة شبكة المياه. ودعت البلدية السائقين إلى استخدام الطرق البديلة والالتزام بالإشارات المرورية "
    "المؤقتة. وأوضحت أن الأعمال تجري على مدار الساعة وأن الفرق الفنية ستعيد فتح الطريق فور الانتهاء."
)
ROAD = (
    "Unfall auf der {0} bei {1}: Am {2} gegen {3} Uhr kam ein Wagen aus bislang ungeklärter Ursache "
    "von der Fahrbahn ab und prallte gegen die Leitplanke. Der Fahrer, {4} Jahre alt, wurde leicht "
    "verletzt. Die Strecke war für eine Stunde gesperrt, es bildete sich ein Stau. Den Schaden "
    "schätzt die Polizei auf mehrere tausend Euro. Die Feuerwehr streute ausgelaufenes Öl ab."
)

NOTICES = [
    _form("burglary", "en", "Burglars empty shop in {0}", BURGLARY, ["Marlow"], ["Hexham"]),
    _form("burglary, headline without a name", "en", "Jeweller burgled", BURGLARY,
          ["Ludlow"], ["Whitby"], 2, ("Post", "Gazette"), True),
    _form("bonds", "en", "{0} issues bond", BOND,
          ["Velmora", "150", "2031", "4.5", "101.25"], ["Castrel", "200", "2033", "5.125", "100.5"]),
    _form("council", "de", "Gemeinderat {0} tagt", COUNCIL,
          ["Hallbach", "Montag", "der Haushalt und die Sanierung der Grundschule"],
          ["Oberweiler", "Donnerstag", "der Bebauungsplan Süd und das neue Feuerwehrhaus"], held=True),
    _form("weather alert", "fr", "Vigilance orange : {0}", PEAK,
          ["l'Ardèche", "crues", "14"], ["la Corrèze", "vent violent", "18"]),
    _form("draw", "es", "Primitiva: resultados del {0}", DRAW,
          ["jueves", "3, 11, 19, 27, 34 y 45", "8", "2"],
          ["sábado", "6, 13, 22, 29, 38 y 41", "17", "5"], 47, held=True),
    _form("cinema", "it", "Al cinema {0}", CINEMA,
          ["Astra", "Cremona", "Il fiume lento", "20.45"], ["Odeon", "Pavia", "La casa rossa", "21.15"]),
    _form("promotion", "en", "{0} names finance chief", PROMOTION,
          ["Torvald", "Ellen Marchetti", "Peter Quill"], ["Hybrane", "Samir Kohli", "Judith Orme"], held=True),
    _form("trial", "en", "Shoplifter sentenced", TRIAL,
          ["Gareth Slade", "29", "Mill Lane", "perfume", "74"],
          ["Tina Orwell", "41", "Station Road", "two coats", "160"]),
    _form("soccer", "en", "{0} beat {1}", SOCCER,
          ["Arden", "Bexley", "2-1", "Lomas", "71", "8,200"],
          ["Corby", "Dunmore", "3-0", "Petrov", "55", "6,900"], held=True),
    _form("forecast of the next day", "fr", "La météo à {0}", RAIN,
          ["Grenoble", "mardi", "9", "17", "20"], ["Grenoble", "mercredi", "11", "21", "35"], 24),
    _form("forecast of another town", "fr", "La météo à {0}", RAIN,
          ["Annecy", "lundi", "8", "15", "25"], ["Valence", "lundi", "12", "20", "40"], held=True),
    _form("shares", "pt", "{0} fecha em {1}", SHARES,
          ["Carvalis", "alta", "2,1", "31,40", "85"], ["Minerol", "queda", "1,7", "18,22", "140"]),
    _form("accident", "ru", "ДТП в районе {0}", TIDES,
          ["Заречный", "утром", "Садовой", "три"], ["Лесной", "вечером", "Гагарина", "четыре"], held=True),
    _form("buyback", "zh", "{0}：拟回购股份", BONUS,
          ["海川电器", "600711", "3", "28.50"], ["明湖药业", "000622", "5", "41.20"]),
    _form("quake", "ja", "{0}で地震", QUAKE, ["青森市", "4", "50", "5.1"], ["高知市", "3", "30", "4.4"], held=True),
    _form("obituary", "nl", "Overleden: {0}", OBITUARY,
          ["Truus Hofman", "87", "onderwijzeres", "Zwolle", "maandag"],
          ["Kees Wildeman", "79", "bakker", "Kampen", "dinsdag"], 20),
    _form("fire", "en", "Fire in {1}", FIRE,
          ["bakery", "Thornby", "Monday morning", "30", "three", "Mill Street"],
          ["sawmill", "Eastwick", "Monday night", "55", "five", "Quay Lane"], 13, held=True),
    _form("water", "pl", "Przerwa w dostawie wody: {2}", POWER,
          ["we wtorek", "8-14", "Brzezno", "Polna i Leśna"],
          ["w środę", "9-15", "Karwice", "Szkolna i Długa"], 5, held=True),
    _form("tenders", "en", "{0} buys {2} wheat", GRAIN,
          ["Jordan", "60,000", "optional-origin", "241.50", "October"],
          ["Tunisia", "100,000", "soft milling", "238.20", "September"], 2, ("Wire", "Wire")),
    _form("roadworks", "ar", "إغلاق شارع {1}", ARABIC,
          ["الزرقاء", "السعادة", "الأحد", "خمسة"], ["إربد", "الجامعة", "الاثنين", "عشرة"]),
    _form("road", "de", "Unfall bei {1}", ROAD,
          ["A61", "Koblenz", "Dienstagabend", "18.30", "43"],
          ["B51", "Trier", "Dienstagnachmittag", "15.10", "27"], held=True),
]  # fmt: skip
"""Forms, filled in twice."""

DAM = (
    "ORLEVO (Ostwire) - The dam above Orlevo gave way early on Wednesday after four days of rain, and "
    "at least nine people are missing, the governor of Karsk province, Anton Belik, said.\n\n"
    "Some 2,300 people left their homes in Orlevo and Stara Luka. Soldiers brought families from "
    "roofs with boats, Colonel Irina Sadko said.\n\n"
    "The dam was built in 1962 and was to be repaired this summer. The owner, Karsk Hydro, had "
    "warned of cracks in a report in March."
)
DAM_RETOLD = (
    "Nine people were unaccounted for on Wednesday when a flood swept through Orlevo, a town of "
    "weavers below the old Karsk Hydro reservoir.\n\n"
    "Governor Anton Belik told reporters that 2,300 residents, many of them from Stara Luka, had been "
    'taken to schools. "We heard it before we saw it," said Mila Dorn, a teacher.\n\n'
    "Opposition deputies asked why cracks that engineers described in March were not mended."
)
DAM_DE = (
    "Nach tagelangem Regen ist oberhalb von Orlevo ein Staudamm gebrochen. Neun Menschen werden "
    "vermisst, teilte Gouverneur Anton Belik mit. Rund 2.300 Einwohner von Orlevo und Stara Luka "
    "mussten ihre Häuser verlassen, Soldaten unter Oberst Irina Sadko retteten Familien von Dächern. "
    "Der Betreiber Karsk Hydro hatte im März vor Rissen gewarnt."
)
STRIKE = (
    "Rail traffic in Norvia stood still on Monday as drivers of Norvia Rail went on strike for higher "
    "pay. Union leader Hanne Brekke said that 4,100 drivers had stopped work at four in the morning.\n\n"
    "Transport minister Olav Strand called the strike irresponsible and offered talks at Lindholm "
    "on Tuesday. Norvia Rail runs 1,900 trains a day."
)
STRIKE_UPDATED = (
    "Rail traffic in Norvia stood still on Monday as drivers of Norvia Rail went on strike for higher "
    "pay. Union leader Hanne Brekke said that 4,600 drivers had stopped work at four in the morning, "
    "and that depot workers in Lindholm had joined them.\n\n"
    "After a meeting with employers at noon, transport minister Olav Strand withdrew his offer of "
    'talks. "We will not negotiate in front of cameras," he said. Bus companies put on 300 coaches.\n\n'
    "Commuters queued in Lindholm and Aasvik. Norvia Rail runs 1,900 trains a day."
)
MINE = (
    "Rescuers reached two of seven miners trapped below Cerro Pardo on Friday, the mine's manager, "
    "Lucio Ferrant, said. Both were alive. The shaft collapsed on Thursday when a pump exploded. "
    "President Elena Rocha travelled to the mine, which belongs to Minera Andal, and spoke to the "
    "families in the village of Pichal."
)
MINE_ES = (
    "Los equipos de rescate llegaron este viernes hasta dos de los siete mineros atrapados en Cerro "
    "Pardo y ambos están vivos, informó el gerente Lucio Ferrant. El pozo de Minera Andal se derrumbó "
    "el jueves al explotar una bomba. La presidenta Elena Rocha visitó a las familias en Pichal."
)
VERDICT = (
    "A court in Brennick sentenced former bank chief Jonas Weller to six years in prison on Tuesday for "
    "hiding losses of 310 million crowns at Kontor Bank. Judge Lydia Amsel said that Weller had "
    "deceived savers and auditors for years. His lawyer, Pavel Roth, said he would appeal. Prosecutor "
    "Ida Kranz had demanded nine years."
)
VERDICT_RETOLD = (
    "Six years: Jonas Weller, who once ran Kontor Bank, heard the sentence without moving. He had "
    "concealed 310 million crowns of losses, judge Lydia Amsel found in Brennick.\n\n"
    "Savers in the gallery applauded. Prosecutor Ida Kranz, who wanted nine years, was content; "
    "the defence, led by Pavel Roth, will go to the higher court."
)
SHIP_FR = (
    "Un porte-conteneurs a perdu 38 caisses au large de Brévannes dans la nuit de samedi, a indiqué la "
    "préfecture maritime. Le Corvina Star, qui reliait Santander à Hambourg, a été pris dans une "
    "tempête. Le commandant Yann Le Goff a demandé l'aide du remorqueur Abeille Nord. Le maire Luc "
    "Trévoux craint une pollution des plages, quatre caisses contenant des solvants."
)
SHIP_FR_RETOLD = (
    "Des caisses flottent devant Brévannes. Le Corvina Star en a perdu 38 pendant la tempête, et quatre "
    "contiennent des solvants. Le maire Luc Trévoux a fermé les plages dimanche.\n\n"
    "Le navire, parti de Santander, a gagné Brest avec l'Abeille Nord. L'armateur promet de payer le "
    "nettoyage, et le commandant Yann Le Goff est entendu par les gendarmes."
)
CUP_DE = (
    "Der SV Hallbach hat den Landespokal gewonnen. Im Finale in Oberweiler schlug er den FC Rednitz mit "
    "3:2 nach Verlängerung. Jannik Torhorst traf zweimal, das Siegtor erzielte Emre Kaya in der 117. "
    "Minute vor 6.400 Zuschauern. Trainer Uwe Sander sprach vom schönsten Tag seiner Laufbahn."
)
CUP_DE_RETOLD = (
    "Ganz Hallbach feiert: Mit einem Tor in der 117. Minute hat Emre Kaya dem SV zum ersten Pokal "
    "verholfen. Der FC Rednitz hatte zweimal ausgeglichen.\n\n"
    "Uwe Sander, der Trainer, tanzte auf dem Rasen von Oberweiler, und Jannik Torhorst, der zwei Tore "
    "beisteuerte, verschenkte sein Trikot an Fans. 6.400 sahen zu."
)
FACTORY_PT = (
    "A fábrica da Lusomax em Vilar do Monte vai fechar em setembro e 640 trabalhadores perdem o "
    "emprego, anunciou o administrador Rui Falcato. A produção segue para Szeged, na Hungria. A "
    "presidente da câmara, Inês Bragança, pediu uma reunião ao ministro Hugo Serrão. O sindicato "
    "dirigido por Alberto Queda marcou uma greve."
)
FACTORY_PT_RETOLD = (
    "São 640 famílias em Vilar do Monte que ficam sem salário. Rui Falcato, que dirige a Lusomax, "
    "justificou o fim da fábrica com custos mais baixos em Szeged.\n\n"
    "Alberto Queda, do sindicato, fala em traição e chama à greve. Inês Bragança, autarca, espera do "
    "ministro Hugo Serrão uma solução até ao verão."
)
TOLL = (
    "A bus carrying pilgrims fell into a ravine near Dharmak on Sunday, killing {0} people and injuring "
    "{1}, police officer Ravi Solanki said. The bus was on its way from Pundal to the temple of "
    "Ashtami when its brakes failed on a bend.\n\n"
    "Villagers climbed down with ropes and carried the injured to the road. Doctor Meera Joshi of the "
    "hospital at Dharmak asked people to give blood. The chief minister, Arvind Kale, promised the "
    "families of the dead 200,000 rupees each."
)

RETELLINGS = [
    _pair("dam", "story", "en", ("Dam breaks above Orlevo", "Nine missing after flood"), (DAM, DAM_RETOLD), 7),
    _pair("strike, grown", "story", "en", ("Strike halts trains", "Rail strike spreads in Norvia"),
          (STRIKE, STRIKE_UPDATED), 8, True),
    _pair("verdict", "story", "en", ("Former bank chief jailed", "Weller gets six years"),
          (VERDICT, VERDICT_RETOLD), 5),
    _pair("ship", "story", "fr", ("Trente-huit caisses à la mer", "Plages fermées à Brévannes"),
          (SHIP_FR, SHIP_FR_RETOLD), 26, True),
    _pair("cup", "story", "de", ("Hallbach gewinnt Pokal", "Kaya lässt Hallbach jubeln"),
          (CUP_DE, CUP_DE_RETOLD), 6),
    _pair("factory", "story", "pt", ("Lusomax fecha em Vilar do Monte", "Adeus à fábrica"),
          (FACTORY_PT, FACTORY_PT_RETOLD), 9, True),
    _pair("toll", "story", "en", ("Bus falls into ravine", "Toll rises after bus plunge"),
          (TOLL.format(11, 24), TOLL.format(14, 31)), 5),
    _pair("toll the next day", "story", "en", ("Pilgrims die in bus", "Bus accident: more dead"),
          (TOLL.replace("Dharmak", "Belgawi").replace("Solanki", "Bhatt").replace("Kale", "More")
           .replace("Pundal", "Nashti").replace("Ashtami", "Vitthi").format("nine", "twenty"),
           TOLL.replace("Dharmak", "Belgawi").replace("Solanki", "Bhatt").replace("Kale", "More")
           .replace("Pundal", "Nashti").replace("Ashtami", "Vitthi").format(12, 17)), 20, True),
]  # fmt: skip
"""Reports on one event."""

ABROAD = [
    (
        DAM.replace("Orlevo", "Ternovo").replace("Belik", "Marin"),
        DAM_DE.replace("Orlevo", "Ternovo").replace("Belik", "Marin"),
        "de",
    ),
    (MINE, MINE_ES, "es"),
]
"""Reports on one event in English and in another language."""

SUMMIT_AR = (
    "القاهرة (وكالات) - قال وزير الخارجية سامح البدري إن القمة العربية الطارئة ستعقد في القاهرة يوم "
    "الخميس لبحث الأزمة في إقليم دارفين. وأضاف أن الدعوات أرسلت إلى جميع الدول الأعضاء، وأن جدول "
    "الأعمال يشمل المساعدات الإنسانية وفتح المعابر أمام القوافل."
)
SCHOOL_HI = (
    "लखनपुर में शिक्षा मंत्री रमेश तिवारी ने मंगलवार को घोषणा की कि राज्य के सभी सरकारी स्कूलों में "
    "अगले सत्र से नाश्ता दिया जाएगा। उन्होंने बताया कि योजना पर हर साल भारी खर्च होगा और इसकी शुरुआत "
    "पहाड़ी जिलों से की जाएगी। विपक्ष की नेता सुनीता रावत ने कहा कि पहले शिक्षकों के खाली पद भरे जाएं।"
)
BRIDGE_DE = (
    "Die Brücke über die Sarl bei Kelmünz ist seit Mittwoch gesperrt. Prüfer hatten Risse in drei "
    "Trägern entdeckt, sagte Landrätin Petra Voss. Autofahrer müssen bis Herbst einen Umweg über "
    "Illerstadt nehmen.\n\nBürgermeister Klaus Ammer forderte vom Bund Geld für einen Neubau. "
    "Händler am Ort fürchten um ihre Kundschaft, sagte Sprecherin Olga Reim."
)
PORT = (
    "SAN TELMO (Andina) - Dockers in the port of San Telmo blocked the gates on Monday after a crane "
    "fell and killed two colleagues. The company Puertos del Sur said that an investigation had "
    "begun.\n\nUnion leader Graciela Montes said the crane had been reported as faulty three times. "
    '"They knew, and they did nothing," she said.\n\nEleven ships are waiting in the roads, among '
    "them the Ocean Lark with 40,000 tonnes of soya."
)

REPRINTS = [
    _pair("first paragraph", "copy", "en", ("Dockers block port of San Telmo", "Two die under crane"),
          (PORT, PORT.split("\n\n", maxsplit=1)[0])),
    _pair("last paragraph", "copy", "de", ("Brücke gesperrt", "Umweg über Illerstadt nötig"),
          (BRIDGE_DE, BRIDGE_DE.split("\n\n")[1]), 5, True),
    _pair("without a dateline", "copy", "en", ("Dam breaks", "Nine missing in Karsk"),
          (DAM.replace("Orlevo", "Ulmevo").replace("Karsk", "Torsk").replace("Belik", "Cherny"),
           DAM.replace("Orlevo", "Ulmevo").replace("Karsk", "Torsk").replace("Belik", "Cherny")
           .split(" - ")[1].split("\n\n")[0])),
    _pair("one verb", "copy", "ar", ("قمة طارئة في القاهرة", "القاهرة تستضيف قمة عربية"),
          (SUMMIT_AR, SUMMIT_AR.replace("وأضاف", "وأوضح"))),
    _pair("one verb", "copy", "hi", ("स्कूलों में नाश्ता", "सरकारी स्कूलों में मिलेगा नाश्ता"),
          (SCHOOL_HI, SCHOOL_HI.replace("बताया कि", "समझाया कि")), 3, True),
    _pair("reworded", "copy", "en", ("Former banker sentenced", "Prison for bank chief"),
          (VERDICT.replace("Weller", "Tarlow").replace("Kontor", "Hansa"),
           VERDICT.replace("Weller", "Tarlow").replace("Kontor", "Hansa").replace("for years", "for a long time"))),
    _pair("half, framed", "copy", "en", ("Strike halts all trains", "Morning briefing"),
          (STRIKE.replace("Norvia", "Sudland").replace("Brekke", "Lund"),
           "Good morning to our readers in the north.\n\n"
           + STRIKE.replace("Norvia", "Sudland").replace("Brekke", "Lund").split("\n\n")[0]), 4, True),
    _pair("other spelling", "copy", "en", ("Court jails banker", "Weller jailed"),
          (VERDICT.replace("Jonas Weller", "Oleksandr Stryuk").replace("Weller", "Stryuk").replace("Amsel", "Pohl"),
           VERDICT.replace("Jonas Weller", "Oleksandr Striuk").replace("Weller", "Striuk").replace("Amsel", "Pohl"))),
    _pair("without its last paragraph", "copy", "fr", ("Tempête : des caisses à la mer", "Le Corvina en difficulté"),
          (SHIP_FR.replace("Corvina", "Bellona").replace("Brévannes", "Tréguy"),
           ". ".join(SHIP_FR.replace("Corvina", "Bellona").replace("Brévannes", "Tréguy").split(". ")[:3]) + "."), 3, True),
    _pair("shortened", "copy", "pt", ("Fábrica fecha", "Lusomax despede 640"),
          (FACTORY_PT.replace("Lusomax", "Ferromax").replace("Falcato", "Seixas"),
           ". ".join(FACTORY_PT.replace("Lusomax", "Ferromax").replace("Falcato", "Seixas").split(". ")[:2]) + ".")),
]  # fmt: skip
"""Reprints of one text."""

PAIRS = [*NOTICES, *RETELLINGS, *REPRINTS]
"""All pairs in one language."""
