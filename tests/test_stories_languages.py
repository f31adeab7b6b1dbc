"""Stories across languages: reports on one event are found and joined by their names and figures.

Covers stories.judging and stories.telling.
"""

from __future__ import annotations

import pytest
from fakes import filled, make_article

from searcher.indexing.story_finder import StoryFinder
from searcher.stories.judging import StoryJudge

CITY = {
    "en": (
        "Russian forces shelled a chemical plant in Severodonetsk, where about 800 people had taken "
        "shelter, the governor of Luhansk, Serhiy Haidai, said. Mayor Oleksandr Stryuk said that "
        "bridges to Lysychansk were gone. In Moscow Maria Zakharova denied it. President "
        "Zelensky spoke of Donbas."
    ),
    "es": (
        "Las fuerzas rusas bombardearon una planta química de Severodonetsk, donde se refugiaban "
        "unas 800 personas, dijo el gobernador de Lugansk, Serguéi Gaidái. El alcalde Oleksandr "
        "Striuk dijo que los puentes hacia Lisichansk ya no existen. En Moscú, María Zajárova lo "
        "negó. El presidente Zelenski habló del Donbás."
    ),
    "fr": (
        "Les forces russes ont bombardé une usine chimique de Sievierodonetsk, où quelque 800 "
        "personnes s'étaient réfugiées, selon le gouverneur de Louhansk, Serguiï Haïdaï. Le maire "
        "Oleksandr Striouk a dit que les ponts vers Lyssytchansk étaient détruits. À Moscou, Maria "
        "Zakharova a démenti. Le président Zelensky a parlé du Donbass."
    ),
    "de": (
        "Russische Truppen haben ein Chemiewerk in Sjewjerodonezk beschossen, in dem etwa 800 "
        "Menschen Schutz suchten, sagte der Gouverneur von Luhansk, Serhij Hajdaj. Bürgermeister "
        "Oleksandr Strjuk sagte, die Brücken nach Lyssytschansk seien zerstört. In Moskau wies "
        "Maria Sacharowa das zurück. Präsident Selenskyj sprach vom Donbass."
    ),
    "uk": (
        "Російські війська обстріляли хімічний завод у Сєвєродонецьк, де ховалися близько 800 "
        "людей, заявив голова області Сергій Гайдай. Мер Олександр Стрюк сказав, що мости до "
        "міста Лисичанськ зруйновані. Луганськ і Донбас в огні, сказав Зеленський. Марія Захарова "
        "це заперечила."
    ),
    "ru": (
        "Российские войска обстреляли химический завод в городе Северодонецк, где укрывались около "
        "800 человек, сообщил губернатор Сергей Гайдай. Мэр Александр Стрюк сказал, что мосты в "
        "Лисичанск разрушены. Луганск и Донбасс горят, сказал Зеленский. Мария Захарова это "
        "отрицала."
    ),
}
"""One event, told by us in six languages."""
FERRY = {
    "en": (
        "The ferry Marigold ran aground off Kestrel Island with 214 people on board, the coast "
        "guard at Port Almond said. Captain Ines Varga reported a failure of the steering. Halden "
        "Lines said that the ship was inspected in Tollmouth."
    ),
    "de": (
        "Die Fähre Marigold ist mit 214 Menschen an Bord vor Kestrel Island auf Grund gelaufen, "
        "teilte die Küstenwache in Port Almond mit. Kapitänin Ines Varga meldete einen Ausfall der "
        "Ruderanlage. Die Reederei Halden ließ das Schiff in Tollmouth prüfen."
    ),
    "fr": (
        "Le ferry Marigold s'est échoué au large de Kestrel Island avec 214 personnes à bord, selon "
        "les garde-côtes de Port Almond. La capitaine Ines Varga a signalé une panne de direction. "
        "La compagnie Halden avait fait inspecter le navire à Tollmouth."
    ),
    "es": (
        "El ferri Marigold encalló frente a Kestrel Island con 214 personas a bordo, informó la "
        "guardia costera de Port Almond. La capitana Ines Varga comunicó un fallo del timón. La "
        "naviera Halden había hecho revisar el barco en Tollmouth."
    ),
}
"""Another one."""
OTHERS = {
    "en": "Maria Zakharova criticised the tariffs that Brussels announced for grain in Moscow. She "
    "spoke of Budapest and of Ankara, and of a summit in Samarkand with President Tokayev.",
    "es": "María Zajárova criticó en Moscú los aranceles que Bruselas anunció para el grano, y "
    "habló de una cumbre en Kazán con el presidente Pezeshkian.",
    "de": "Die Fähre Rosalind fährt wieder zwischen Port Almond und Saint Wren. Kapitän Jonas Ott "
    "begrüßte 214 Gäste aus Lindow.",
    "ru": "Мария Захарова рассказала в Москве о переговорах в Анкаре. Министр Лавров встретил "
    "Фидана и Токаева.",
}
"""Other events, with some of the names."""


@pytest.fixture
def stories(engine, tmp_path):
    """Return the number of the story by event and language."""
    texts = {
        f"{name}-{language}": (language, text)
        for name, event in (("city", CITY), ("ferry", FERRY), ("other", OTHERS))
        for language, text in event.items()
    }
    filled(
        engine,
        [
            make_article(key, "", text, language=language, published=f"2022-06-25T{hour:02}:00")
            for hour, (key, (language, text)) in enumerate(texts.items())
        ],
    )
    StoryFinder(engine, tmp_path, StoryJudge).run()
    with engine.snapshot() as snapshot:
        return {key: snapshot.place(key).story for key in texts}


def test_reports_on_one_event_in_many_languages_are_one_story(stories):
    city = {stories[f"city-{language}"] for language in CITY}
    ferry = {stories[f"ferry-{language}"] for language in FERRY}
    assert (len(city), len(ferry)) == (1, 1), stories
    assert city != ferry


def test_reports_on_other_events_with_some_of_the_names_are_not(stories):
    others = [stories[f"other-{language}"] for language in OTHERS]
    assert len(set(others)) == len(others), stories
    assert not set(others) & {stories["city-en"], stories["ferry-en"]}
