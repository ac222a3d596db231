"""Every word of the lists does to a date what it is listed for, and a word of no list does nothing."""

from __future__ import annotations

import pytest

from newsreader.date_context import Candidate, Role, judge
from newsreader.date_expressions import find_dates
from newsreader.date_words import Firmness


def judged(text: str) -> Candidate:
    return judge(text, next(find_dates(text)))


def effects(text: str) -> set[str]:
    """What the words of a text do to its date."""
    date = judged(text)
    found = {
        "another date": date.role is Role.OTHER,
        "to come": date.role is Role.ANNOUNCED,
        "told": date.is_told,
        "history": date.firmness is Firmness.HISTORY,
        "background": date.role is Role.EVENT and date.score < 3,
        "the day itself": date.score > 3,
        "now": date.firmness is Firmness.SURE and date.shift == 0,
        "the day before": date.shift == 1,
        "the day after": date.shift == -1,
    }
    return {effect for effect, is_so in found.items() if is_so}


WORDS = {
    ("They wait {} 5 March 2024.", "another date"): """
        ab antes ate avant before beginning bis by dal dated decorrere depuis desde effective entro fino from
        hasta jusqu od partir partire prima seit since sinds spatestens starting than till tot uiterlijk until
        voor vor
    """,
    ("They read the {} of 5 March 2024.", "another date"): """
        act angriff angriffe angriffen anschlag anschlage anschlagen arrete ataque ataques atentado atentados
        attacchi attack attacks attaque attaques attentat attentati attentato attentats beschluss bundestagswahl
        code constitution convention decision decree decret decreto directiva directive direttiva dlgs dpr
        earthquake elecciones election elections elezioni europawahl events fassung gesetz gesetzes law legge
        legislativo lei ley loi massacre ordinance ordonnance recommendation reglamento reglement regolamento
        regulation resolution revolution richtlinie treaty uprising verordnung version wahl wahlen
    """,
    ("They say: {} on the 5 March 2024.", "another date"): """
        application applications apply bewerbung bewerbungen born candidature candidatures closes closing
        deadline deadlines expire expires expiry fondata fondato fonde fondee founded fundada fundado geboren
        gegrundet limite nacida nacido nascida nascido plazo prazo register registration registrations rsvp
        scadenza submission submissions submit valid
    """,
    ("In the {} de 5 March 2024.", "another date"): """
        avenida avenue boulevard calle campus estadio hopital largo lycee mouvement movement movimiento partido
        piazza place platz plaza pont praca quai rua rue square stadium strasse universidad via viale
    """,
    ("In the 5 March 2024 {}.", "another date"): """
        act agreement airport anniversary attack attackers attacks avenue bombing bombings boulevard bridge
        brigade coup deadline decree disaster division earthquake earthquakes election elections floods hospital
        invasion law massacre movement protests referendum regulation revolution riots road square stadium
        street university uprising
    """,
    ("They {} there on 5 March 2024.", "to come"): """
        accueillera advisory aura auront begins commencera debutera due einladen einladung expected finden
        findet forthcoming interviendra invitation invite invited invites laden ladt lancera odbedzie opens
        organisera ouvrira participera planned prendra presentera publiera recevra rencontrera rendra returns
        saranno scheduled sera seront shall soll sollen starts steps takes tendra tiendra tiendront travels
        upcoming vinden vindt visitera werden will wird zal zullen
    """,
    ("They {} there on 5 March 2024.", "told"): """
        began begann besuchte bid came empfing est fand fanden foi found fue gave ha haben had han hanno has hat
        hatte hatten have held kam led left made met nahm nahmen ont paid said saw sono spoke took traf trafen
        war waren was went werd were won wurde wurden
    """,
    ("On 5 March 2024 they saw the {}.", "history"): """
        abkommen abolished accord accordo accords acordo act acuerdo ago agreement agreements anniversary born
        carta charta charte charter constitucion constitution convencao convenio convention convenzione creada
        creado created cree creee directive enacted errichtet established fondata fondato fonde fondee founded
        fundada fundado gegrundet gesetz handvest history inaugurated independence istituita istituito konwencja
        kraft laws legge ley loi opgericht origins protocol protocole protocollo protocolo protokoll ratificado
        ratifie ratified ratifiee ratifiziert regulation statuto traite traites traktat tratado tratados
        trattati trattato treaties treaty umowa verdrag verordnung vertrag vigor vigore vigueur
    """,
    ("They saw it {} on 5 March 2024.", "background"): """
        accession adopted after agreed aniversario anniversaire anniversario anniversary appointed apres che
        commemorate commemorates commemorating despues dopo earlier elected established following force
        jahrestag kraft last launched nach originally previous que qui signed suite tras vigor vigore vigueur
        wake which who whose
    """,
    ("They saw it in the {} of 5 March 2024.", "the day itself"): """
        abend afternoon evening hour hours matin morgen morning nacht night noche nuit soir tarde
    """,
    ("They saw it {}, 5 March 2024.", "now"): """
        dzis heute hoje hoy hui idag oggi today tonight vandaag
    """,
    ("They saw it {}, 5 March 2024.", "the day before"): """
        ayer gestern gisteren hier ieri ontem wczoraj yesterday
    """,
    ("They see it {}, 5 March 2024.", "the day after"): """
        amanha demain domani jutro manana morgen tomorrow
    """,
}


@pytest.mark.parametrize(("sentence", "effect"), WORDS)
def test_every_word_of_a_list_does_what_it_is_listed_for(sentence: str, effect: str) -> None:
    words = WORDS[sentence, effect].split()
    assert effect not in effects(sentence.format("xyz"))
    assert [word for word in words if effect not in effects(sentence.format(word))] == []
