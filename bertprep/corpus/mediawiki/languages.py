"""Names of languages, as ``{{lang-xx}}`` shows them before a word."""

from __future__ import annotations

_BY_CODE = (
    "af=Afrikaans|als=Alemannic|am=Amharic|ang=Old English|ar=Arabic|arc=Aramaic|"
    "az=Azerbaijani|be=Belarusian|bg=Bulgarian|bn=Bengali|bo=Tibetan|br=Breton|bs=Bosnian|"
    "ca=Catalan|cs=Czech|cu=Church Slavonic|cy=Welsh|da=Danish|de=German|el=Greek|en=English|"
    "eo=Esperanto|es=Spanish|et=Estonian|eu=Basque|fa=Persian|fi=Finnish|fr=French|"
    "fy=Frisian|ga=Irish|gd=Scottish Gaelic|gl=Galician|got=Gothic|grc=Ancient Greek|"
    "gu=Gujarati|he=Hebrew|hi=Hindi|hr=Croatian|ht=Haitian Creole|hu=Hungarian|hy=Armenian|"
    "id=Indonesian|is=Icelandic|it=Italian|ja=Japanese|jv=Javanese|ka=Georgian|kk=Kazakh|"
    "km=Khmer|kn=Kannada|ko=Korean|ku=Kurdish|ky=Kyrgyz|la=Latin|lb=Luxembourgish|lo=Lao|"
    "lt=Lithuanian|lv=Latvian|mk=Macedonian|ml=Malayalam|mn=Mongolian|mr=Marathi|ms=Malay|"
    "mt=Maltese|my=Burmese|nah=Nahuatl|nds=Low German|ne=Nepali|nl=Dutch|nn=Norwegian|"
    "no=Norwegian|oc=Occitan|or=Odia|os=Ossetian|pa=Punjabi|pl=Polish|ps=Pashto|"
    "pt=Portuguese|qu=Quechua|rm=Romansh|ro=Romanian|ru=Russian|rus=Russian|sa=Sanskrit|"
    "sc=Sardinian|sco=Scots|sd=Sindhi|sh=Serbo-Croatian|si=Sinhala|sk=Slovak|sl=Slovene|"
    "so=Somali|sq=Albanian|sr=Serbian|sv=Swedish|sw=Swahili|syr=Syriac|ta=Tamil|te=Telugu|"
    "tg=Tajik|th=Thai|tk=Turkmen|tl=Tagalog|tr=Turkish|tt=Tatar|ug=Uyghur|uk=Ukrainian|"
    "ur=Urdu|uz=Uzbek|vi=Vietnamese|yi=Yiddish|zu=Zulu"
)
LANGUAGES = dict(entry.split("=") for entry in _BY_CODE.split("|"))
