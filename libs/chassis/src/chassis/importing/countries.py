"""Countries by the names people write: English, Russian, Bulgarian, and the ISO codes themselves.

The names are those of Unicode CLDR; everyday other names follow in `_ALSO`.
"""

from __future__ import annotations

from functools import cache

from rapidfuzz.distance import OSA

from chassis.formats import COUNTRIES
from chassis.name_keys import name_key

_FUZZY_FROM_CHARS = 7

_ALSO = {
    "US": "USA|U.S.A.|U.S.|United States of America|America|США|САЩ|Америка|Соединенные Штаты",
    "GB": "UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Англия|Велика Британия",
    "RU": "Russian Federation|Российская Федерация|РФ|Руска федерация",
    "CZ": "Czech Republic|Чешская Республика|Чехия|Чешка република",
    "KR": "Korea|South Korea|Republic of Korea|Корея|Южная Корея|Южна Корея",
    "KP": "North Korea|КНДР|Северная Корея|Северна Корея",
    "MK": "Macedonia|Македония",
    "NL": "Holland|The Netherlands|Голландия|Холандия",
    "AE": "UAE|Emirates|Эмираты|ОАЕ",
    "CN": "PRC|People's Republic of China|КНР",
    "TR": "Turkey|Турция",
    "BY": "Belorussia|Белоруссия|Беларус|Белорусия",
    "MD": "Republic of Moldova|Молдавия|Молдова",
    "CI": "Ivory Coast|Берег Слоновой Кости",
    "VA": "Vatican",
    "VN": "Viet Nam",
    "TZ": "United Republic of Tanzania",
    "HK": "Hong Kong|Гонконг|Хонконг",
    "KG": "Киргизия|Киргизстан",
    "BG": "Republic of Bulgaria|Република България",
    "DE": "Federal Republic of Germany|ФРГ",
}
_NAMES = """\
AD|Andorra|Андорра|Андора
AE|United Arab Emirates|ОАЭ|Обединени арабски емирства
AF|Afghanistan|Афганистан|Афганистан
AG|Antigua & Barbuda|Антигуа и Барбуда|Антигуа и Барбуда
AI|Anguilla|Ангилья|Ангуила
AL|Albania|Албания|Албания
AM|Armenia|Армения|Армения
AO|Angola|Ангола|Ангола
AQ|Antarctica|Антарктида|Антарктика
AR|Argentina|Аргентина|Аржентина
AS|American Samoa|Американское Самоа|Американска Самоа
AT|Austria|Австрия|Австрия
AU|Australia|Австралия|Австралия
AW|Aruba|Аруба|Аруба
AX|Åland Islands|Аландские о-ва|Оландски острови
AZ|Azerbaijan|Азербайджан|Азербайджан
BA|Bosnia & Herzegovina|Босния и Герцеговина|Босна и Херцеговина
BB|Barbados|Барбадос|Барбадос
BD|Bangladesh|Бангладеш|Бангладеш
BE|Belgium|Бельгия|Белгия
BF|Burkina Faso|Буркина-Фасо|Буркина Фасо
BG|Bulgaria|Болгария|България
BH|Bahrain|Бахрейн|Бахрейн
BI|Burundi|Бурунди|Бурунди
BJ|Benin|Бенин|Бенин
BL|St. Barthélemy|Сен-Бартелеми|Сен Бартелеми
BM|Bermuda|Бермудские о-ва|Бермудски острови
BN|Brunei|Бруней|Бруней Даруссалам
BO|Bolivia|Боливия|Боливия
BQ|Caribbean Netherlands|Бонэйр, Синт-Эстатиус и Саба|Карибска Нидерландия
BR|Brazil|Бразилия|Бразилия
BS|Bahamas|Багамы|Бахамски острови
BT|Bhutan|Бутан|Бутан
BV|Bouvet Island|о-в Буве|остров Буве
BW|Botswana|Ботсвана|Ботсвана
BY|Belarus|Беларусь|Беларус
BZ|Belize|Белиз|Белиз
CA|Canada|Канада|Канада
CC|Cocos (Keeling) Islands|Кокосовые о-ва|Кокосови острови (острови Кийлинг)
CD|Congo - Kinshasa|Конго - Киншаса|Конго (Киншаса)
CF|Central African Republic|Центрально-Африканская Республика|Централноафриканска република
CG|Congo - Brazzaville|Конго - Браззавиль|Конго (Бразавил)
CH|Switzerland|Швейцария|Швейцария
CI|Côte d’Ivoire|Кот-д’Ивуар|Кот д’Ивоар
CK|Cook Islands|о-ва Кука|острови Кук
CL|Chile|Чили|Чили
CM|Cameroon|Камерун|Камерун
CN|China|Китай|Китай
CO|Colombia|Колумбия|Колумбия
CR|Costa Rica|Коста-Рика|Коста Рика
CU|Cuba|Куба|Куба
CV|Cape Verde|Кабо-Верде|Кабо Верде
CW|Curaçao|Кюрасао|Кюрасао
CX|Christmas Island|о-в Рождества|остров Рождество
CY|Cyprus|Кипр|Кипър
CZ|Czechia|Чехия|Чехия
DE|Germany|Германия|Германия
DJ|Djibouti|Джибути|Джибути
DK|Denmark|Дания|Дания
DM|Dominica|Доминика|Доминика
DO|Dominican Republic|Доминиканская Республика|Доминиканска република
DZ|Algeria|Алжир|Алжир
EC|Ecuador|Эквадор|Еквадор
EE|Estonia|Эстония|Естония
EG|Egypt|Египет|Египет
EH|Western Sahara|Западная Сахара|Западна Сахара
ER|Eritrea|Эритрея|Еритрея
ES|Spain|Испания|Испания
ET|Ethiopia|Эфиопия|Етиопия
FI|Finland|Финляндия|Финландия
FJ|Fiji|Фиджи|Фиджи
FK|Falkland Islands|Фолклендские о-ва|Фолкландски острови
FM|Micronesia|Федеративные Штаты Микронезии|Микронезия
FO|Faroe Islands|Фарерские о-ва|Фарьорски острови
FR|France|Франция|Франция
GA|Gabon|Габон|Габон
GB|United Kingdom|Великобритания|Обединеното кралство
GD|Grenada|Гренада|Гренада
GE|Georgia|Грузия|Грузия
GF|French Guiana|Французская Гвиана|Френска Гвиана
GG|Guernsey|Гернси|Гърнзи
GH|Ghana|Гана|Гана
GI|Gibraltar|Гибралтар|Гибралтар
GL|Greenland|Гренландия|Гренландия
GM|Gambia|Гамбия|Гамбия
GN|Guinea|Гвинея|Гвинея
GP|Guadeloupe|Гваделупа|Гваделупа
GQ|Equatorial Guinea|Экваториальная Гвинея|Екваториална Гвинея
GR|Greece|Греция|Гърция
GS|South Georgia & South Sandwich Islands|Южная Георгия и Южные Сандвичевы о-ва|Южна Джорджия и Южни Сандвичеви острови
GT|Guatemala|Гватемала|Гватемала
GU|Guam|Гуам|Гуам
GW|Guinea-Bissau|Гвинея-Бисау|Гвинея-Бисау
GY|Guyana|Гайана|Гаяна
HK|Hong Kong SAR China|Гонконг (САР)|Хонконг, САР на Китай
HM|Heard & McDonald Islands|о-ва Херд и Макдональд|острови Хърд и Макдоналд
HN|Honduras|Гондурас|Хондурас
HR|Croatia|Хорватия|Хърватия
HT|Haiti|Гаити|Хаити
HU|Hungary|Венгрия|Унгария
ID|Indonesia|Индонезия|Индонезия
IE|Ireland|Ирландия|Ирландия
IL|Israel|Израиль|Израел
IM|Isle of Man|о-в Мэн|остров Ман
IN|India|Индия|Индия
IO|British Indian Ocean Territory|Британская территория в Индийском океане|Британска територия в Индийския океан
IQ|Iraq|Ирак|Ирак
IR|Iran|Иран|Иран
IS|Iceland|Исландия|Исландия
IT|Italy|Италия|Италия
JE|Jersey|Джерси|Джърси
JM|Jamaica|Ямайка|Ямайка
JO|Jordan|Иордания|Йордания
JP|Japan|Япония|Япония
KE|Kenya|Кения|Кения
KG|Kyrgyzstan|Киргизия|Киргизстан
KH|Cambodia|Камбоджа|Камбоджа
KI|Kiribati|Кирибати|Кирибати
KM|Comoros|Коморы|Коморски острови
KN|St. Kitts & Nevis|Сент-Китс и Невис|Сейнт Китс и Невис
KP|North Korea|КНДР|Северна Корея
KR|South Korea|Республика Корея|Южна Корея
KW|Kuwait|Кувейт|Кувейт
KY|Cayman Islands|о-ва Кайман|Кайманови острови
KZ|Kazakhstan|Казахстан|Казахстан
LA|Laos|Лаос|Лаос
LB|Lebanon|Ливан|Ливан
LC|St. Lucia|Сент-Люсия|Сейнт Лусия
LI|Liechtenstein|Лихтенштейн|Лихтенщайн
LK|Sri Lanka|Шри-Ланка|Шри Ланка
LR|Liberia|Либерия|Либерия
LS|Lesotho|Лесото|Лесото
LT|Lithuania|Литва|Литва
LU|Luxembourg|Люксембург|Люксембург
LV|Latvia|Латвия|Латвия
LY|Libya|Ливия|Либия
MA|Morocco|Марокко|Мароко
MC|Monaco|Монако|Монако
MD|Moldova|Молдова|Молдова
ME|Montenegro|Черногория|Черна гора
MF|St. Martin|Сен-Мартен|Сен Мартен
MG|Madagascar|Мадагаскар|Мадагаскар
MH|Marshall Islands|Маршалловы о-ва|Маршалови острови
MK|North Macedonia|Северная Македония|Северна Македония
ML|Mali|Мали|Мали
MM|Myanmar (Burma)|Мьянма (Бирма)|Мианмар (Бирма)
MN|Mongolia|Монголия|Монголия
MO|Macao SAR China|Макао (САР)|Макао, САР на Китай
MP|Northern Mariana Islands|Северные Марианские о-ва|Северни Мариански острови
MQ|Martinique|Мартиника|Мартиника
MR|Mauritania|Мавритания|Мавритания
MS|Montserrat|Монтсеррат|Монтсерат
MT|Malta|Мальта|Малта
MU|Mauritius|Маврикий|Мавриций
MV|Maldives|Мальдивы|Малдиви
MW|Malawi|Малави|Малави
MX|Mexico|Мексика|Мексико
MY|Malaysia|Малайзия|Малайзия
MZ|Mozambique|Мозамбик|Мозамбик
NA|Namibia|Намибия|Намибия
NC|New Caledonia|Новая Каледония|Нова Каледония
NE|Niger|Нигер|Нигер
NF|Norfolk Island|о-в Норфолк|остров Норфолк
NG|Nigeria|Нигерия|Нигерия
NI|Nicaragua|Никарагуа|Никарагуа
NL|Netherlands|Нидерланды|Нидерландия
NO|Norway|Норвегия|Норвегия
NP|Nepal|Непал|Непал
NR|Nauru|Науру|Науру
NU|Niue|Ниуэ|Ниуе
NZ|New Zealand|Новая Зеландия|Нова Зеландия
OM|Oman|Оман|Оман
PA|Panama|Панама|Панама
PE|Peru|Перу|Перу
PF|French Polynesia|Французская Полинезия|Френска Полинезия
PG|Papua New Guinea|Папуа — Новая Гвинея|Папуа-Нова Гвинея
PH|Philippines|Филиппины|Филипини
PK|Pakistan|Пакистан|Пакистан
PL|Poland|Польша|Полша
PM|St. Pierre & Miquelon|Сен-Пьер и Микелон|Сен Пиер и Микелон
PN|Pitcairn Islands|о-ва Питкэрн|Острови Питкерн
PR|Puerto Rico|Пуэрто-Рико|Пуерто Рико
PS|Palestinian Territories|Палестинские территории|Палестински територии
PT|Portugal|Португалия|Португалия
PW|Palau|Палау|Палау
PY|Paraguay|Парагвай|Парагвай
QA|Qatar|Катар|Катар
RE|Réunion|Реюньон|Реюнион
RO|Romania|Румыния|Румъния
RS|Serbia|Сербия|Сърбия
RU|Russia|Россия|Русия
RW|Rwanda|Руанда|Руанда
SA|Saudi Arabia|Саудовская Аравия|Саудитска Арабия
SB|Solomon Islands|Соломоновы о-ва|Соломонови острови
SC|Seychelles|Сейшельские о-ва|Сейшели
SD|Sudan|Судан|Судан
SE|Sweden|Швеция|Швеция
SG|Singapore|Сингапур|Сингапур
SH|St. Helena|о-в Св. Елены|Света Елена
SI|Slovenia|Словения|Словения
SJ|Svalbard & Jan Mayen|Шпицберген и Ян-Майен|Свалбард и Ян Майен
SK|Slovakia|Словакия|Словакия
SL|Sierra Leone|Сьерра-Леоне|Сиера Леоне
SM|San Marino|Сан-Марино|Сан Марино
SN|Senegal|Сенегал|Сенегал
SO|Somalia|Сомали|Сомалия
SR|Suriname|Суринам|Суринам
SS|South Sudan|Южный Судан|Южен Судан
ST|São Tomé & Príncipe|Сан-Томе и Принсипи|Сао Томе и Принсипи
SV|El Salvador|Сальвадор|Салвадор
SX|Sint Maarten|Синт-Мартен|Синт Мартен
SY|Syria|Сирия|Сирия
SZ|Eswatini|Эсватини|Есватини
TC|Turks & Caicos Islands|Тёркс и Кайкос|острови Търкс и Кайкос
TD|Chad|Чад|Чад
TF|French Southern Territories|Французские Южные территории|Френски южни територии
TG|Togo|Того|Того
TH|Thailand|Таиланд|Тайланд
TJ|Tajikistan|Таджикистан|Таджикистан
TK|Tokelau|Токелау|Токелау
TL|Timor-Leste|Восточный Тимор|Тимор Лесте
TM|Turkmenistan|Туркменистан|Туркменистан
TN|Tunisia|Тунис|Тунис
TO|Tonga|Тонга|Тонга
TR|Türkiye|Турция|Турция
TT|Trinidad & Tobago|Тринидад и Тобаго|Тринидад и Тобаго
TV|Tuvalu|Тувалу|Тувалу
TW|Taiwan|Тайвань|Тайван
TZ|Tanzania|Танзания|Танзания
UA|Ukraine|Украина|Украйна
UG|Uganda|Уганда|Уганда
UM|U.S. Outlying Islands|Внешние малые о-ва (США)|Отдалечени острови на САЩ
US|United States|Соединенные Штаты|Съединени щати
UY|Uruguay|Уругвай|Уругвай
UZ|Uzbekistan|Узбекистан|Узбекистан
VA|Vatican City|Ватикан|Ватикан
VC|St. Vincent & Grenadines|Сент-Винсент и Гренадины|Сейнт Винсънт и Гренадини
VE|Venezuela|Венесуэла|Венецуела
VG|British Virgin Islands|Виргинские о-ва (Великобритания)|Британски Вирджински острови
VI|U.S. Virgin Islands|Виргинские о-ва (США)|Американски Вирджински острови
VN|Vietnam|Вьетнам|Виетнам
VU|Vanuatu|Вануату|Вануату
WF|Wallis & Futuna|Уоллис и Футуна|Уолис и Футуна
WS|Samoa|Самоа|Самоа
XK|Kosovo|Косово|Косово
YE|Yemen|Йемен|Йемен
YT|Mayotte|Майотта|Майот
ZA|South Africa|Южно-Африканская Республика|Южна Африка
ZM|Zambia|Замбия|Замбия
ZW|Zimbabwe|Зимбабве|Зимбабве
"""


def country_code(text: str) -> str | None:
    """ISO code of a country written as code or name; None where it is none we know.

    One letter wrong in a longer name is forgiven where only one country comes so near.
    """
    code = text.strip().upper()
    if code in COUNTRIES:
        return code
    key = name_key(text)
    known = _by_name()
    exact = known.get(key)
    if exact is not None or len(key) < _FUZZY_FROM_CHARS:
        return exact
    near = {code for name, code in known.items() if OSA.distance(key, name, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else None


@cache
def _by_name() -> dict[str, str]:
    names = {}
    for line in _NAMES.splitlines():
        code, *spellings = line.split("|")
        for spelling in (*spellings, *_ALSO.get(code, "").split("|")):
            key = name_key(spelling)
            if key:
                names[key] = code
    return names
