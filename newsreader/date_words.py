"""The words of dates in the languages of the press, without accents and in small letters.

Months and weekdays first, then the words whose company tells what a date is for its release and how firm.
"""

from __future__ import annotations

from enum import IntEnum

from newsreader.words import fold


class Firmness(IntEnum):
    """How well a date stands where no other of its digest supports it."""

    HISTORY = 0
    """A law or a foundation is spoken of beside it, or it is older than the web."""
    WEAK = 1
    """It stands further down."""
    FAIR = 2
    """The first paragraph tells of it."""
    SURE = 3
    """A header, or an event with `today` or a weekday that fits."""


MONTHS: dict[str, int] = {}
"""Month names and their abbreviations, folded by `fold_word`, to 1 to 12."""

WEEKDAYS: dict[str, int] = {}
"""Names of weekdays, folded by `fold_word`, to 0 (Monday) to 6."""

_MONTHS = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
x x x x x x x x sept x x x
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
janv fevr x avr x x juil x x x x x
januar februar marz april mai juni juli august september oktober november dezember
janner feber maerz x x x x x x okt x dez
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
ene x x abr x x x ago setiembre x x dic
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
gen febb x x mag giu lug ago set ott x dic
janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
x fev x x x x x x x x x x
gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre
januari februari maart april mei juni juli augustus september oktober november december
x x mrt x x x x x x x x x
stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia
styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien
ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
x x marts x maj x x augusti x x x x
januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december
ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου
"""

_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday
mon tue wed thu fri sat sun
x tues x thurs x x x
lundi mardi mercredi jeudi vendredi samedi dimanche
montag dienstag mittwoch donnerstag freitag samstag sonntag
x x x x x sonnabend x
lunes martes miercoles jueves viernes sabado domingo
lunedi martedi mercoledi giovedi venerdi sabato domenica
segunda terca quarta quinta sexta sabado domingo
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
poniedzialek wtorek sroda czwartek piatek sobota niedziela
x x srode x x sobote niedziele
pondeli utery streda ctvrtek patek sobota nedele
luni marti miercuri joi vineri sambata duminica
mandag tirsdag onsdag torsdag fredag lordag sondag
mandag tisdag onsdag torsdag fredag lordag sondag
"""

ENGLISH_MONTHS = frozenset(_MONTHS.split("\n")[1].split() + _MONTHS.split("\n")[2].split() + ["sept"])
"""The months that may stand before their day: `September 26`."""

MONTHS_WITH_YEAR_ONLY = frozenset({"set", "ago", "gen", "mag", "ott", "lug", "giu", "ene", "ekim", "mart"})
"""Abbreviations that are also ordinary words: months only where a year follows."""

MONTHS_WITH_CAPITAL = frozenset({"may", "march", "mar"})
"""Names that are also English words: months only with a capital letter or where a year follows."""


def _fill(table: dict[str, int], rows: str, first: int) -> None:
    for row in rows.split("\n"):
        for number, word in enumerate(row.split(), first):
            if word != "x":
                table.setdefault(word, number)


_fill(MONTHS, _MONTHS, 1)
_fill(WEEKDAYS, _WEEKDAYS, 0)


def fold_word(word: str) -> str:
    """One word without accents and case, as the tables have it."""
    return word.lower() if word.isascii() else fold(word).strip()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


AFTER_DAY = _words(
    "to and till until through bis und sowie oder or au et ou al all y e ed a i do tot en og och of de di del du van"
)
"""Words, other than a month, by which a date may go on after its first day."""
BEFORE_YEAR = _words("de del of do")
"""Words that may stand between a month and its year."""
ARTICLES = _words("the le la el il den dem der die l am on um no dnia dia lo a o")
"""Words that may stand between a preposition and its date."""
LINKS = _words("of du del al au dal to than zum zur de das do")
"""Second halves of prepositions such as `à partir du`, `no later than`."""
LIMITS = _words(
    """
    by until till before bis avant hasta entro fino ate uiterlijk tot voor vor antes prima spatestens jusqu than
    since seit depuis desde sinds dal from ab starting effective beginning partir partire decorrere dated od
    """
)
"""Prepositions of a deadline or a beginning: the date after them is not the day of publication."""
UP_TO = ["tot", "en", "met"]
"""The one limit of three words."""
OF = _words("of vom du del dell van des z")
"""Prepositions that tie a date to a noun: `the decision of 5 March`."""
TIMES_OF_DAY = _words("night morning evening afternoon hours hour abend morgen nacht nuit soir matin noche tarde")
"""Nouns whose date is one of an event: `the night of 5 March`."""
TODAY = _words("today tonight heute hui hoy oggi hoje vandaag dzis idag")
"""Words beside a date that is the day of writing."""
YESTERDAY = _words("yesterday gestern hier ayer ieri ontem gisteren wczoraj")
"""Words beside the day before the day of writing."""
TOMORROW = _words("tomorrow demain manana domani amanha morgen jutro")
"""Words beside the day after the day of writing."""

NOT_THE_DAY = _words(
    """
    deadline deadlines closing closes apply application applications submit submission submissions valid rsvp
    expire expires expiry bewerbung bewerbungen candidature candidatures limite plazo scadenza prazo register
    registration registrations born geboren nacido nacida nascido nascida founded gegrundet fonde fondee fundado
    fundada fondato fondata
    """
)
"""Words before deadlines, birthdays and foundations."""
NOT_THE_DAY_BEGINNINGS = ("anmeld", "inscri", "iscri", "bewerb", "einsendeschl")
"""Beginnings of such words."""
NOT_THE_DAY_ENDINGS = ("frist", "schluss")
"""Endings of such words."""
BORN_ON = frozenset({("nato", "il"), ("nata", "il"), ("ne", "le"), ("nee", "le")})
"""Two words before a birthday, each of which alone says nothing."""
NEXT_OF_ITS_KIND = _words("release meeting update decision publication edition session report")
"""Nouns that with `next` announce another release's day."""
LAWS_AND_HISTORY = _words(
    """
    regulation directive decision convention treaty act law resolution recommendation ordinance decree code
    constitution verordnung richtlinie gesetz gesetzes beschluss reglement loi decret arrete ordonnance ley
    reglamento directiva decreto regolamento direttiva legge legislativo dpr dlgs lei attack attacks attentat
    attentats attaque attaques anschlag anschlage anschlagen angriff angriffe angriffen ataque ataques atentado
    atentados attacchi attentato attentati earthquake events revolution uprising massacre election elections
    elecciones elezioni wahl wahlen europawahl bundestagswahl fassung version
    """
)
"""Nouns whose date, tied by a word such as `of`, is history or a name."""
FOUNDATIONS = _words(
    """
    treaty treaties convention charter protocol agreement agreements accord accords act laws constitution regulation
    directive traite traites protocole accord loi charte vertrag abkommen verordnung gesetz charta protokoll
    tratado tratados convenio carta protocolo acuerdo constitucion ley trattato trattati convenzione protocollo accordo
    legge statuto convencao acordo verdrag handvest traktat konwencja umowa
    ratified established founded created enacted inaugurated abolished independence history origins anniversary
    ago ratifie ratifiee creee cree fonde fondee vigueur gegrundet errichtet kraft ratifiziert fundado fundada creado
    creada vigor ratificado vigore istituito istituita fondato fondata opgericht born
    """
)
"""Words of treaties, laws and foundations, of which alone a date in their sentence may be."""
FOUNDATION_ENDINGS = ("ubereinkommen", "abkommen", "vertrag", "gesetz", "verordnung", "verdrag")
"""Endings of such words."""
NAMED_PLACES = _words(
    """
    rue avenue boulevard place pont quai square calle plaza avenida via piazza viale largo rua praca platz
    strasse campus lycee hopital universidad estadio partido movimiento mouvement movement stadium
    """
)
"""Nouns before a date that is part of a name: `place du 8 mai 1945`."""
NAMED_AFTER = _words(
    """
    street avenue road square university brigade movement bridge hospital stadium airport boulevard division
    revolution uprising attack attacks attackers massacre earthquake earthquakes invasion coup referendum
    protests riots election elections bombing bombings floods disaster agreement decree law act deadline
    regulation anniversary
    """
)
"""Nouns after a date that make it a name: `the 7 October attacks`."""
BACKGROUND = _words(
    """
    after following nach apres suite tras despues dopo wake anniversary commemorate commemorates commemorating
    jahrestag anniversaire aniversario anniversario established force kraft vigueur vigor vigore adopted agreed
    launched signed appointed elected accession which who whose qui que che earlier last previous originally
    """
)
"""Words before a date that often tell what had been, not what is news."""

FUTURE = _words(
    """
    will shall wird werden soll sollen zal zullen aura auront sera seront saranno scheduled expected planned due
    upcoming forthcoming takes begins starts opens steps returns travels invite invites invited invitation
    einladung einladen ladt laden findet finden vindt vinden tiendra tiendront recevra rencontrera participera ouvrira
    debutera accueillera rendra presentera visitera interviendra publiera prendra lancera organisera commencera
    tendra odbedzie advisory
    """
)
"""Verbs and nouns of what is to come."""
FUTURE_ENDINGS = ("rá", "rán", "rà", "ranno", "rão")
"""Endings of the future in Spanish, Italian and Portuguese."""
FUTURE_PAIRS = frozenset(
    {
        ("to", "be"),
        ("to", "visit"),
        ("take", "place"),
        ("taking", "place"),
        ("is", "to"),
        ("are", "to"),
        ("save", "the"),
    }
)
"""Two words of what is to come."""
PLANNING = _words("organising organizing hosting holding")
"""Verbs of what is to come after `is` and `are`."""
PAST = _words(
    """
    was were has have had met held took said led gave came went began left paid spoke bid saw made won found
    wurde wurden hat haben hatte hatten war waren traf trafen fand fanden nahm nahmen kam begann empfing
    besuchte ont est ha han hanno fue sono foi werd
    """
)
"""Verbs of what has happened."""
PAST_ENDINGS = ("é", "ée", "és", "ées", "ò", "ó", "aron", "ieron", "è")
"""Endings of what has happened in French, Italian and Spanish."""
ATTRIBUTIVE = _words("is are be being newly recently the a an its their his her")
"""Words before a participle that tells of no event: `the newly appointed minister`, `is observed each year`."""

HEADING = _words(
    """
    a of the de del della di da do das dos du la le les il el en et e y und and i den der am vom dne dnia dia lì
    li addi an in im for immediate release released press news date published issued posted updated publication
    no nr num n ref number embargo embargoed until on at main statement media comunicato stampa communique
    presse nota prensa imprensa persbericht data fecha datum stand ore veroffentlicht pubblicato publie
    publicado online uur g u mis ligne jour pubblicazione publicacion publicatie gepubliceerd op erstellt
    opublikowano publikacji em last laatste update bijgewerkt nieuwsbericht aktualizacja atualizado zverejneno
    aktualizovano publicerad uppdaterad as
    """
)
"""Small words that a line with a place, a label or an issue number may have beside a date."""
OPENING = _words("from since until by between in seit am le el il nel im after before at during as em op w")
"""Prepositions that begin a sentence or its first clause, and no heading."""
OF_OTHER_DATES = _words(
    """
    deadline closing next when wann quand cuándo where valid due apply by since seit depuis desde between before after
    born from event meeting conference summit workshop seminar session photo video figure table source resolution
    regulation directive law convention judgment time tbc sitzung konferenz tagung frist réunion conférence reunión
    conferencia riunione conferenza beginn begin start end version versión versione model modell batch charge lot
    """
)
"""Words, with their accents, of lines whose date is a deadline, an event or a law and not that of the release."""
