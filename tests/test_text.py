"""What may reach a terminal: cleaning, widths, and rows."""

from __future__ import annotations

import re
import timeit
import unicodedata
from functools import partial
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from newsreader.text import MARKS_PER_BASE, Clean, break_rows, cell_width, clean, clean_line, truncate, wrap

PROSE = {
    "Arabic": "قالت الشرطة إنها اعتقلت ثلاثة أشخاص في العاصمة.",
    "Arabic with harakat": "قَالَتِ الشُّرْطَةُ إِنَّهَا اعْتَقَلَتْ ثَلَاثَةَ أَشْخَاصٍ.",
    "Bengali": "পুলিশ রাজধানীতে তিনজনকে গ্রেপ্তার করেছে, র\u200d্যাব জানিয়েছে।",
    "Bulgarian": "Полицията задържа трима души в столицата.",
    "Burmese": "ရဲတပ်ဖွဲ့က မြို့တော်တွင် လူသုံးဦးကို ဖမ်းဆီးခဲ့သည်။",
    "Chinese": "警方在首都逮捕了三人。“案件仍在调查中”，发言人说。",
    "Czech": "Policie zadržela v hlavním městě tři osoby; vyšetřování pokračuje.",
    "Dutch": "De politie heeft drie personen aangehouden – het onderzoek gaat door.",
    "English": "“Europol’s role is key,” she said — 480 000 victims, €2.15m, 50 % more…",
    "Finnish": "Poliisi pidätti kolme henkilöä pääkaupungissa.",
    "French": "L’enquête se poursuit : « trois personnes » ont été arrêtées à Nîmes.",
    "Georgian": "პოლიციამ დედაქალაქში სამი ადამიანი დააკავა.",
    "German": "Die Polizei nahm in der Hauptstadt drei Personen fest: „Größte Aktion“.",
    "Greek": "Η αστυνομία συνέλαβε τρία άτομα στην πρωτεύουσα.",
    "Gujarati": "પોલીસે રાજધાનીમાં ત્રણ લોકોની ધરપકડ કરી.",
    "Hebrew": "המשטרה עצרה שלושה בני אדם בבירה, מסר צה״ל.",
    "Hebrew with niqqud": "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ.",
    "Hindi": "पुलिस ने राजधानी के क्\u200dषेत्र में तीन लोगों को गिरफ़्तार किया।",
    "Hungarian": "A rendőrség három embert tartóztatott le a fővárosban.",
    "Italian": "La polizia ha arrestato tre persone: è l’operazione più grande.",
    "Japanese": "警察は首都で三人を逮捕した。「捜査は続く」とスポークスマンは述べた。",
    "Khmer": "ប៉ូលិស\u200bបាន\u200bចាប់\u200bខ្លួន\u200bមនុស្ស\u200bបី\u200bនាក់។",
    "Korean": "경찰은 수도에서 세 명을 체포했다.",
    "Korean in jamo": unicodedata.normalize("NFD", "경찰은 수도에서 세 명을 체포했다."),
    "Lao": "ຕຳຫຼວດຈັບກຸມສາມຄົນໃນນະຄອນຫຼວງ.",
    "Malayalam": "പോലീസ് തലസ്ഥാനത്ത് മൂന്ന് പേരെ അറസ്റ്റ് ചെയ്തു; അവന്\u200d പറഞ്ഞു.",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ\u180eᠠ ᠬᠡᠯᠡ ᠪᠢᠴᠢᠭ\u180b.",
    "Persian": "پلیس می\u200cگوید که خانه\u200cها را بازرسی کرده است.",
    "Polish": "Policja zatrzymała trzy osoby w stolicy, źródła milczą.",
    "Portuguese": "A polícia prendeu três pessoas; a operação não terminou.",
    "Romanian": "Poliția a reținut trei persoane la Chișinău.",
    "Russian": "Полиция задержала трёх человек в столице — сообщил Европол.",
    "Sinhala": "පොලිසිය අගනුවර තුන්දෙනෙකු අත්අඩංගුවට ගත්තේය; ශ්\u200dරී ලංකා.",
    "Spanish": "¿La policía detuvo a tres personas? ¡Sí, en Logroño!",
    "Tamil": "போலீசார் தலைநகரில் மூன்று பேரைக் கைது செய்தனர்.",
    "Thai": "ตำรวจจับกุมผู้ต้องสงสัยสามคนในเมืองหลวงเมื่อวันที่ ๕ นี้",
    "Tibetan": "ཉེན་རྟོག་པས་རྒྱལ་ས་ནས་མི་གསུམ་འཛིན་བཟུང་བྱས།",
    "Turkish": "Polis başkentte üç kişiyi gözaltına aldı: İçişleri Bakanlığı.",
    "Ukrainian": "Поліція затримала трьох людей у столиці, м’яко кажучи.",
    "Vietnamese": "Cảnh sát đã bắt giữ ba người ở thủ đô, một chiến dịch lớn.",
    "Vietnamese decomposed": unicodedata.normalize("NFD", "Cảnh sát đã bắt giữ ba người ở thủ đô."),
    "emoji": "Thanks 👍🏽 to the 👨\u200d👩\u200d👧\u200d👦 of 🇩🇪 and 🏴\U000e0067\U000e0062\U000e0073"
    "\U000e0063\U000e0074\U000e007f, "
    "☎\ufe0f or ☎\ufe0e, 1\ufe0f⃣, ❤\ufe0f\u200d🔥!",
    "two paragraphs": "One.\n\nTwo, with  two spaces and a hard\u00a0one.\n",
}


@pytest.mark.parametrize("language", PROSE)
def test_ordinary_prose_is_unchanged(language: str) -> None:
    assert clean(PROSE[language]) == PROSE[language]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]0;title\x07 \x1b]8;;http://x\x1b\\link", "␛]0;title␇ ␛]8;;http://x␛\\link"),
        ("\x1b]52;c;never ended", "␛]52;c;never ended"),
        ("\x1bPsplit\nover lines\x1b\\", "␛Psplit\nover lines␛\\"),
        ("\x9b31m \x90q\x9c \x9d0;x \x98 \x9e \x9f", "�31m �q� �0;x � � �"),
        ("nul\x00 back\x08 del\x7f", "nul␀ back␈ del␡"),
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("a\tb\n\tc", "a   b\n    c"),
        ("\u202eevil\u202c \u2066x\u2069 \u200eleft\u200f \u061c", "evil x left "),
        ("ze\u200bro\u200c wi\u200ddth\ufeff\u2060 so\xadft", "zero width soft"),
        ("tag\U000e0001\U000e0041ged", "tagged"),
        ("\u3164fil\u115f\u1160ler\uffa0 \u2800|", "filler  |"),
        ("a\ufe0fb\ufe00c\U000e0100 \U0001f3ff", "abc "),
        ("\ud800lone\udfff", "�lone�"),
        ("\ufdd0\ufffe\U0001ffff\U0010fffe", "����"),
        ("z" + "\u0301" * 99, "z" + "\u0301" * MARKS_PER_BASE),
        ("z" + "\u0301\u200b" * 99, "z" + "\u0301" * MARKS_PER_BASE),
        ("\u0301orphan \u0301two\n\u0301three", "◌\u0301orphan ◌\u0301two\n◌\u0301three"),
        ("a \u0301two", "a ◌\u0301two"),
        ("👨\u200d\u200d👩", "👨👩"),
        ("👨" + "\u200d👩" * 5, "👨" + "\u200d👩" * 4 + "👩"),
        ("\u200d\u200d中", "中"),
        ("🏴\U000e0061\U000e0062\U000e007f", "🏴"),
    ],
)
def test_what_is_unfit_is_shown_or_goes(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_every_emoji_that_rich_knows_stays_and_keeps_its_selector() -> None:
    emoji = set(pytest.importorskip("rich._emoji_codes").EMOJI.values()) - set(map(chr, range(0x1F3FB, 0x1F400)))
    assert [each for each in emoji if clean(each) != each] == []
    letters = set(map(chr, range(0x1F1E6, 0x1F200)))
    chosen = {f"{each}\ufe0f" for each in emoji - letters - {"⎈"} if len(each) == 1}  # a helm is no emoji to Unicode
    assert len(chosen) > 1000
    assert [each for each in chosen if clean(each) != each] == []


def test_no_single_character_gets_through_that_acts_or_hides() -> None:
    kept = set()
    for code in range(0x110000):
        cleaned = clean(chr(code))
        if cleaned == chr(code):
            kept.add(unicodedata.category(cleaned) if code > 0x7F or code < 0x20 else "ASCII")
        elif code not in {0x09, 0x0D}:
            assert cleaned in {"", " ", "\n", "�", "␡", chr(0x2400 + code % 0x400), "◌" + chr(code)}, hex(code)
    assert not kept & {"Cs", "Zl", "Zp"}
    controls = [
        code for code in range(0x110000) if unicodedata.category(chr(code)) == "Cc" and clean(chr(code)) == chr(code)
    ]
    assert controls == [0x0A]
    formats = {
        code for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf" and clean(chr(code)) == chr(code)
    }
    visible = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    assert formats <= visible


SPECIAL = (
    "\x00\x1b\t\n\r\x85\x9b \u200b\u200c\u200d\u202e\u2066\u2028\ufe0f\ufe0e\u0301\u064b\u093f\u0e31\u20e3\u180b"
    "\u1820\ud800\u1161\u11a8ᄀक中あ👨👩❤1🏽🏴\U000e0067\U000e007f\U0001f1e9\U0001d167\U00010a01"
)
hostile = st.text(st.one_of(st.sampled_from(SPECIAL), st.characters()), max_size=60)


@given(hostile)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    cleaned = clean(text)
    assert clean(str(cleaned)) == cleaned
    assert clean_line(str(clean_line(text))) == clean_line(text)


@given(hostile)
def test_cleaned_text_holds_no_control_but_newline(text: str) -> None:
    assert all(
        character == "\n" or unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        for character in clean(text)
    )
    assert "\n" not in clean_line(text)


@given(st.binary(max_size=80))
def test_any_bytes_can_be_cleaned(data: bytes) -> None:
    for encoding in ("utf-8", "latin-1", "utf-16"):
        cleaned = clean(data.decode(encoding, "surrogatepass" if encoding == "utf-8" and not data else "replace"))
        cleaned.encode()


@given(hostile)
def test_no_base_carries_more_marks_than_the_cap(text: str) -> None:
    run = 0
    for character in clean(text):
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        assert run <= MARKS_PER_BASE


def test_clean_text_is_not_cleaned_again() -> None:
    cleaned = clean("é")
    assert clean(cleaned) is cleaned
    assert isinstance(cleaned, Clean)


def test_a_line_has_spaces_for_newlines_and_tabs() -> None:
    assert clean_line("a\r\nb\tc\x0cd") == "a b c d"


def test_widths_agree_with_rich_for_every_character() -> None:
    for code in range(0x20, 0x110000):
        character = clean(chr(code))
        if character == chr(code) and unicodedata.category(character) != "Cn":
            assert cell_width(character) == cell_len(character), hex(code)


@pytest.mark.parametrize("language", PROSE)
def test_widths_agree_with_rich_for_prose(language: str) -> None:
    text = PROSE[language].replace("\n", " ")
    if language not in {"Bengali", "Hindi", "Sinhala", "Malayalam"}:  # where Rich takes a joiner for an emoji's
        assert cell_width(text) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("two words", 5, "two…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("日本語", 6, "日本語"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("👨\u200d👩\u200d👧 ok", 3, "👨\u200d👩\u200d👧…"),
        ("x", 0, ""),
        ("xy", 1, "…"),
    ],
)
def test_a_cut_text_ends_with_an_ellipsis(text: str, width: int, cut: str) -> None:
    assert truncate(clean(text), width) == cut


@given(hostile, st.integers(-2, 30))
def test_a_cut_text_fits(text: str, width: int) -> None:
    cleaned = clean_line(text)
    assert cell_width(truncate(cleaned, width)) <= max(width, 0) or cell_width(cleaned) == 0


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one  two   three", 7, ["one", "two", "three"]),
        ("one  two", 8, ["one  two"]),
        ("  indented line", 9, ["indented", "line"]),
        ("  two rows", 6, ["  two", "rows"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("", 5, [""]),
        ("a\n\nb", 5, ["a", "", "b"]),
        ("日本語の文章です", 6, ["日本語", "の文章", "です"]),
        ("日本語。次", 6, ["日本", "語。次"]),
        ("日本", 1, ["日", "本"]),
        ("e\u0301e\u0301e\u0301e\u0301", 3, ["e\u0301e\u0301e\u0301", "e\u0301"]),
        ("👨\u200d👩\u200d👧👨\u200d👩\u200d👧", 3, ["👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"]),
        ("🇩🇪🇫🇷", 3, ["🇩🇪", "🇫🇷"]),
        ("ab日本 cd", 4, ["ab日", "本", "cd"]),
        ("abc", 1, ["a", "b", "c"]),
        ("🇦🇹🇿🇦", 3, ["🇦🇹", "🇿🇦"]),
        ("ไทยดี\u200bมาก", 5, ["ไทยดี\u200b", "มาก"]),
        ("あか\u3099。", 4, ["あ", "か\u3099。"]),
    ],
)
def test_rows_break_between_words_or_else_between_graphemes(text: str, width: int, rows: list[str]) -> None:
    assert wrap(clean(text), width) == rows


def test_later_rows_hang() -> None:
    assert wrap(clean("• one two three"), 8, hanging=2) == ["• one", "  two", "  three"]


@given(hostile, st.integers(1, 20), st.integers(0, 6))
def test_wrapping_keeps_every_character_in_order_and_fits(text: str, width: int, hanging: int) -> None:
    cleaned = clean(text)
    rows = wrap(cleaned, width, hanging)
    assert "".join(rows).replace(" ", "") == cleaned.replace(" ", "").replace("\n", "")
    for row in rows:
        assert cell_width(row.strip(" ")) <= max(width, 2)


@given(st.text("ab \u00e9\u4e2d\u0301", max_size=200), st.integers(1, 20))
def test_rows_never_overlap(text: str, width: int) -> None:
    line = clean_line(text)
    rows = break_rows(line, width)
    assert all(first[1] <= second[0] for first, second in pairwise(rows))
    assert all(not line[first[1] : second[0]].strip(" ") for first, second in pairwise(rows))


def test_a_line_that_is_measured_piece_by_piece_breaks_like_a_short_one() -> None:
    line = clean("the word naïve in 日本 is 日本語 " * 8000)
    rows = break_rows(line, 40)
    assert all(cell_width(line[start:end]) <= 40 for start, end in rows)
    assert min(cell_width(line[start:end]) for start, end in rows[:-1]) > 30
    assert "".join(line[start:end] for start, end in rows).replace(" ", "") == line.replace(" ", "")


@given(st.lists(st.sampled_from("aé漢\x00\x1b\x9b\xad\u200e\u202e\u2028\ufeff\U000e0041"), max_size=40).map("".join))
def test_what_is_unfit_is_shown_alike_where_it_is_rare_and_where_it_is_frequent(text: str) -> None:
    rest = "é" * 5000
    assert clean(f"{text}{rest}") == clean(f"{text}.")[:-1] + rest


@given(
    st.lists(st.sampled_from("aé漢\x00\x1b\x9b\xad\u200e\u202e\u2028\ufeff\U000e0041\ud800"), max_size=9).map("".join)
)
def test_what_is_unfit_is_shown_alike_in_long_western_prose(text: str) -> None:
    rest = "The naïve. " * 200
    assert clean(f"{text}{rest}") == clean(f"{text}.")[:-1] + rest


def test_long_prose_is_cleaned_in_half_the_time_that_a_look_at_each_character_takes() -> None:
    prose = "The ministers met in the capital. " * 30_000
    look = re.compile("[^\n -~\xa0-\xff]").search
    look_at_all, clean_all = (
        min(timeit.repeat(partial(each, prose), timer=process_time, number=3, repeat=7)) for each in (look, clean)
    )
    assert clean_all * 2 < look_at_all
