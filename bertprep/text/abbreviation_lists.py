"""Abbreviations by language, in the case they are written in.

``leading`` ones never end a sentence; ``numbered`` ones do not before a figure; ``trailing`` ones
may stand last: then the next word is one that opens sentences. Units of time in ``dated`` end a
sentence behind a number ("в 1995 г. Он") and lead otherwise ("г. Москва").
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["INTERNATIONAL", "LISTED", "Listed"]


class Listed(NamedTuple):
    """The abbreviations of a language, separated by spaces.

    Attributes:
        leading, numbered, trailing, dated: as the module says.
        ordinals: whether a number with a full stop is an ordinal.
        openers: longer words that open sentences, besides the language's short ones.
    """

    leading: str
    numbered: str
    trailing: str
    dated: str = ""
    ordinals: bool = False
    openers: str = ""


INTERNATIONAL = Listed(
    "Mr Mrs Ms Dr Prof Hon Gen Col Maj Capt Lt Sgt Rev vs cf e.g i.e St Mme Mlle",
    "No Nr nr vol Vol p pp fig Fig ed tel Tel",
    "Inc Ltd Co Corp Bros Jr Sr Ph.D etc Mt",
)

LISTED = {
    "es": Listed(
        "Sr Sra Srta Sres Sras Dra Dres Profa D Dña Ing Lic Arq Gral Cnel Cap Tte Sgto Mons Fr Sto "
        "Sta Excmo Ilmo Pbro Rvdo Hno Hna ej p.ej Av Avda Dpto Depto Pdte aprox EE FF RR JJ cfr",
        "núm nº n pág págs párr párrf vols art arts cap caps figs ext s ss ene feb mar abr may jun jul ago sept "
        "sep oct nov dic lám",
        "Ud Uds Vd Vds a.C d.C a.m p.m S.A S.L Cía Hnos EE.UU UU AA Jr",
        openers="Este Esta Estos Estas Éste Ésta Esto Cuando Quién Cómo Dónde Pero Aunque También "
        "Además Desde Durante Entre Hasta Nuestro Sobre Según Actualmente Después Qué",
    ),
    "pt": Listed(
        "Sr Sra Srs Sras Srta Dra Drs Dras Profa Exmo Exma Ilmo Eng Arq Cel Cap Ten Fr Pe Mons Sto "
        "Sta Av Pç Trav Rod ex p.ex aprox V D",
        "n nº núm pág págs fl fls vols art arts cap caps figs ramal inc séc jan fev mar abr mai jun "
        "jul ago set out nov dez",
        "Ltda Cia S.A a.C d.C Exa a.m p.m",
        openers="Este Esta Estes Estas Esse Essa Isto Quando Quem Como Onde Porque Também Além Desde "
        "Durante Entre Depois Segundo Eles Elas Você",
    ),
    "gl": Listed("Sr Sra D Dna Dra Av ex p.ex", "núm pág páx vol art cap fig", "a.C d.C S.A S.L"),
    "ca": Listed(
        "Sr Sra Srs Sres Dra Mons Av Avda ex p.ex Gral Cia Excm",
        "núm pàg pàgs art cap fig tel gen febr set oct nov des",
        "a.C d.C S.A S.L EUA",
    ),
    "it": Listed(
        "Sig Sigg Sig.ra Sig.na Dott Dott.ssa Prof.ssa Profs Ing Avv Arch Geom Rag On Sen Cap Ten "
        "Mons Don S SS p.es es cfr P.za P.zza V.le Egr Gent Spett Dir L.go C.so ca",
        "n nn v pag pagg voll art artt cap capp figg sec tab lett gen feb mar apr mag giu lug ago set "
        "sett ott nov dic",
        "ecc S.p.A S.r.l a.C d.C s.r.l s.p.a F.lli C",
        openers="Questo Questa Questi Queste Quando Dove Perché Anche Dopo Durante Secondo Quello "
        "Quella Negli Sulla Dall Essere Quindi Inoltre",
    ),
    "ro": Listed(
        "Dl Dna dl dna Dvs dvs dr prof ing Al av lt col gen cpt sf Sf str bd bdul șos şos ex "
        "p.ex Pr acad",
        "nr pct pag art alin lit cap sec ian feb mar apr mai iun iul aug sept oct nov dec ap bl sc et",
        "S.A S.R.L î.Hr d.Hr ș.a ş.a ș.a.m.d a.m p.m e.n",
        openers="Acest Această Aceste Acesta Aceasta Când Unde După Pentru Dintre Însă Astfel",
    ),
    "nl": Listed(
        "dhr mevr mw mgr v mej hr dr drs prof ir ing mr ds jhr kol kap lt gen burg bijv o.a m.a.w d.w.z "
        "m.b.t i.v.m t.a.v i.p.v n.a.v t.o.v t.g.v m.n z.g zgn resp evt ca incl excl vgl max min",
        "nrs blz pag art afb hfst par dl jan feb mrt apr jun jul aug sep sept okt nov dec",
        "enz e.d e.a n.Chr v.Chr B.V N.V V.S jr sr",
        openers="Deze Maar Toen Waar Wanneer Waarom Daarna Volgens Tijdens Tussen Onder Daar Omdat "
        "Terwijl Echter Zijn",
    ),
    "af": Listed(
        "mnr mev mej dr prof ds adv bv o.a d.w.s m.a.w genl kol kapt ca sg nl m.b.t",
        "nrs bl art par hfst afb Jan Feb Mrt Apr Jun Jul Aug Sept Okt Nov Des",
        "ens e.d e.a n.C v.C Bpk Edms nm vm",
    ),
    "da": Listed(
        "dr.phil lic hr fr frk dr prof mag cand adv dir ing kapt f.eks fx bl.a dvs ca evt inkl ekskl jf mht ifm "
        "vedr pga pr skt sct sml fhv afd",
        "d s ss kap bd art stk kl jan feb mar apr jun jul aug sep sept okt nov dec tlf pkt kr",
        "osv m.m m.fl mv mm o.l o.lign e.Kr f.Kr a.s jr kr mio mia pct",
        ordinals=True,
        openers="Hvad Hvem Hvor Hvornår Hvorfor Hvordan Denne Dette Disse Under Derfor Ifølge Siden "
        "Selv",
    ),
    "no": Listed(
        "hr frk dr prof adv kapt f.eks bl.a dvs ca evt inkl ekskl jf jfr pga mht ifm vedr o.a st sml "
        "tidl",
        "d s ss kap bd art kl jan feb mars apr jun jul aug sep sept okt nov des tlf pkt kr",
        "osv m.m m.v m.fl mv mm o.l e.Kr f.Kr jr kr mill mrd pst",
        ordinals=True,
        openers="Hva Hvem Hvor Hvorfor Hvordan Denne Dette Disse Under Derfor Ifølge Siden Selv",
    ),
    "sv": Listed(
        "hr fr dr prof ing doc kapt t.ex tex bl.a d.v.s dvs ca resp inkl exkl jfr jmf s.k f.d fd "
        "m.a.o p.g.a pga t.o.m fr.o.m f.n",
        "s sid kap bd art kl jan feb mars apr juni juli aug sept sep okt nov dec st kr",
        "osv o.s.v m.m mm m.fl mfl e.Kr f.Kr jr kr milj mkr o.d o.dyl",
        openers="Vad Vem Hur Varför Denna Detta Dessa Under Därför Enligt Sedan Efter Eller",
    ),
    "is": Listed(
        "dr prof hr sr þ.e þ.e.a.s t.d t.a.m hv hæstv þm þ.m m.a s.s a.m.k u.þ.b f.h þús millj",
        "bls nr gr tl kl jan feb mars apr júní júlí ágúst sept okt nóv des kr",
        "o.fl o.s.frv kr m.m f.Kr e.Kr",
        ordinals=True,
    ),
    "fi": Listed(
        "lat ven ruots engl saks ukr jap hra rva nti toht prof esim ts ks vrt ns em ent tri dipl",
        "nro n s ss klo puh luku",
        "jne ym yms tms eKr jKr e.Kr j.Kr mk milj mrd jr",
        ordinals=True,
        openers="Tämä Nämä Silloin Siellä Vaikka Koska Miksi Missä Kuka Lisäksi Myöhemmin Vuonna "
        "Hänen Heidän",
    ),
    "et": Listed(
        "dr prof hr pr ins v.a s.o nt st sh tn pst mnt end n.ö",
        "lk nr kd ptk jaan veebr apr aug sept okt nov dets",
        "jne jm jms jt e.m.a m.a.j kr milj",
        ordinals=True,
    ),
    "hu": Listed(
        "dr prof id ifj özv Szt pl ún ill kb ld lásd vö uo br gr hg max min",
        "sz old o fej bek jan febr márc ápr máj jún júl aug szept okt nov dec évf köt",
        "stb kft Kft Rt rt Bt bt Zrt zrt Nyrt i.e i.sz Kr.e Kr.u",
        ordinals=True,
        openers="Ezek Azok Mikor Miért Hogyan Ezért Azért Amikor Miután Szerint Később Ekkor Majd "
        "Minden Mindig",
    ),
    "pl": Listed(
        "paraf nadkom podkom asp insp p dr hab prof mgr inż doc dyr gen płk ppłk mjr kpt por ppor sierż kpr ks bp abp kard o św "
        "bł śp ul al pl os np tj tzn tzw m.in ok wg zob ww ds im lek med woj pow gm red",
        "str s t rozdz rys tab art ust pkt poz godz ryc",
        "itd itp in br ub tys mln mld zł gr n.e p.n.e S.A",
        "r w",
        openers="Jest Były Która Który Kiedy Gdzie Dlaczego Jednak Podczas Według Oraz Także Został "
        "Została Tylko Teraz",
    ),
    "cs": Listed(
        "p nar zemř Ing Mgr MUDr JUDr PhDr RNDr PaedDr ThDr Bc doc prof dr arch gen plk mjr kpt por sv např tj "
        "tzn tzv resp event ul nám tř mj popř vč zvl srov lat angl něm",
        "č čís čl s str odst písm kap obr tab roč odd př ust hod",
        "atd apod aj ap a.s s.r.o n.l př.n.l n.e tis mil mld Kč st Sb ml CSc DrSc",
        ordinals=True,
        openers="Tento Tato Toto Kdyby Kdy Kde Proč Podle Během Avšak Také Jeho Její Jejich Potom "
        "Když Protože",
    ),
    "sk": Listed(
        "p Ing Mgr MUDr JUDr PhDr RNDr Bc doc prof dr gen plk mjr kpt por sv napr tj t.j tzn tzv resp "
        "ul nám príp angl nem lat",
        "č čl s str r ods písm kap obr tab roč hod",
        "atď pod apod a.s s.r.o n.l pr.n.l tis mil mld Sk CSc DrSc",
        ordinals=True,
        openers="Tento Táto Toto Keď Kedy Kde Prečo Podľa Počas Avšak Tiež Jeho Jej Ich Potom Pretože "
        "Ešte",
    ),
    "sl": Listed(
        "g ga gdč dr mag prof doc dipl ing akad sv ul tj tim npr oz inž gen polk t.i m.dr",
        "št str čl odst pogl sl tab l",
        "itd ipd idr d.o.o d.d st mio mrd pr.n.št n.št",
        ordinals=True,
    ),
    "hr": Listed(
        "g gđa gđica dr mr prof doc dipl ing inž akad sv ul tj tzv npr odn gen puk o lat engl njem",
        "br str čl st sl tab t",
        "itd sl dr d.o.o d.d god kn mil mlrd pr.Kr",
        ordinals=True,
    ),
    "sr": Listed(
        "г гђа др мр проф доц дипл инж акад св ул тј тзв нпр одн ген пук лат енгл",
        "бр стр чл ст сл таб т",
        "итд сл др д.о.о год дин мил млрд",
        ordinals=True,
    ),
    "lv": Listed(
        "dr prof kgs piem t.i t.s sv akad doc ģen plkv c k",
        "lpp nr sk att tab plkst janv febr apr aug sept okt nov dec",
        "utt u.c u.tml utml milj tūkst p.m.ē m.ē",
        ordinals=True,
    ),
    "lt": Listed(
        "dr prof pvz t.y pr al vysk kun gen plk š.m vad lot angl a.a akad doc",
        "p nr psl pav lent str žr tel g",
        "kt pan tūkst mln mlrd",
        "m d a",
    ),
    "eu": Listed("jn and adib dr", "or zk art kap", "etab", ordinals=True),
    "tr": Listed(
        "Doç Yrd Öğr Gör Av Op Uzm Alb Yzb Tğm Org Korg Bnb Sn Hz Mah Cad Sok Blv Apt örn bkz yak T.C",
        "s sf ss no m md c sy fık böl Oca Şub Nis Haz Tem Ağu Eyl Eki Kas",
        "vb vd A.Ş Şti M.Ö M.S",
        ordinals=True,
        openers="Ancak Sonra Bunun Buna Bunlar Fakat Çünkü Neden Nasıl Nerede Böyle Onun Onlar Şimdi "
        "Daha Eğer Yine Aynı",
    ),
    "id": Listed(
        "dr Drs Dra Ir H Hj KH K.H R Rd Tn Ny Nn Sdr Sdri Yth Jl JL Jln Gg Kol Jend Letjen Mayjen "
        "Brigjen Kapt Let Tb Rr Ust a.n u.p d.a mis Pdt Bp",
        "no hlm hal Rp Kab Kec Kel RT RW bab ps telp Feb Mar Apr Jun Jul Agu Ags Sep Okt Des",
        "dll dsb dst dkk tsb S.H S.E M.Si S.Pd M.Pd S.Kom M.Hum Tbk",
        openers="Dalam Namun Tetapi Karena Setelah Sebelum Ketika Menurut Untuk Selain Sejak Pada "
        "Mereka Seorang Sebuah Dengan Adalah",
    ),
    "vi": Listed(
        "TS ThS GS tp PGS BS CN KS LS Tp TP Tx TX TT ĐH",
        "tr số Nxb NXB tập Tr",
        "v.v vv Tp.HCM CTCP",
    ),
    "ga": Listed("Uas an tUas Dr lch i.e m.sh Fr", "lgh lch uimh alt", "srl r.n i.n R.C"),
    "ru": Listed(
        "ул пр пл пер просп наб бул д корп кв им проф акад доц инж ген полк лейт св о т.н т.е т.к т.о "
        "т.ч напр см ср гр тов обл пгт респ пос дер зам зав ред англ нем фр лат греч исп итал рус яп кит "
        "букв ок прим канд род ум урожд",
        "стр с рис табл гл ч т п пп ст вып тел илл кн",
        "др пр т.д т.п н.э млн млрд тыс руб коп кг км см мм мин сек экз",
        "г гг в вв",
        openers="Этот Эта Эти Этого Когда Где Почему После Также Однако Потом Затем Если Через Перед "
        "Более Между Только Сейчас Теперь",
    ),
    "be": Listed(
        "вул пр пл рэж сл зав праф акад дац ген св т.зв напр гл гр вобл н.п англ ням фр лат рус бел",
        "стар с мал табл гл ч т п арт вып тэл кн",
        "інш т.д т.п н.э млн млрд тыс руб кап",
        "г гг ст",
    ),
    "uk": Listed(
        "вул просп пл пров бул буд кв ім проф акад доц ген полк св о т.зв напр див пор гр обл м с смт "
        "оз зам зав ред англ нім фр лат грец рос укр бл нар",
        "стор с рис мал табл гл ч т п пп вип тел іл кн",
        "ін т.д т.п н.е тис млн млрд грн коп кг км см мм хв год сек",
        "р рр ст",
        openers="Цей Коли Чому Після Також Однак Потім Якщо Через Перед Більше Тільки Тепер Вона Воно "
        "Вони",
    ),
    "bg": Listed(
        "ул бул пл ж.к изд сп Ал гл.серж о.з бл вх ап им проф акад доц инж ген полк кап св гр с обл общ напр вж срв "
        "т.нар т.е т.к англ нем фр лат рус",
        "стр с рис табл гл ч т чл ал бр тел кн фиг том",
        "др т.н и.т.н пр.н.е н.е хил млн млрд лв ст кг км см мин",
        "г гг в вв",
        openers="Този Тази Това Тези Когато Къде Защо След Също Обаче После Преди През Само Сега",
    ),
    "mk": Listed("ул бул проф ген св т.е т.н на.пр пр", "стр бр чл сл т", "др итн", "г"),
    "kk": Listed("т.б мыс проф акад ғ ж", "б бет ст т", "т.б т.с.с млн млрд", "ж ғ"),
    "el": Listed(
        "κ κα κκ Δρ δρ καθ Αγ αγ π.χ δηλ λ.χ οδ λεωφ πλ στρ αρχ βλ πρβλ κ.κ Επ",
        "σελ σ αρ άρθ αριθ τόμ κεφ εικ παρ τηλ Ιαν Φεβ Μαρ Απρ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ",
        "κ.λπ κλπ κ.ά κ.α π.Χ μ.Χ κ.τ.λ κ.ο.κ π.μ μ.μ Α.Ε Ε.Π.Ε δισ εκατ χιλ",
        openers="Αυτό Αυτή Αυτός Όταν Πού Γιατί Μετά Επίσης Όμως Στην Στον Στο Από Για Με Το Η Ο Οι "
        "Τα Τον Την Της Του Και Θα Να Δεν Είναι",
    ),
    "ka": Listed(
        "მაგ ე.წ ე.ი ბერძნ ლათ ინგლ გერმ ფრანგ ესპ ესტ რუს იხ შდრ დაბ გვ პროფ აკად ძვ დაახლ აბრევ",
        "ნახ გვ",
        "",
        "წ ს",
    ),
    "hi": Listed("डॉ श्री प्रो पं स्व कु सं चौ मो रु कं डा लि", "नं पृ", ""),
    "mr": Listed("डॉ श्री प्रा पं स्व कु सौ ना मा रु क्र उदा", "क्र पृ", ""),
    "bn": Listed("ডা ড মো মোঃ প্রফেসর অ্যাড মি", "নং পৃ", ""),
    "ta": Listed(
        "திரு டாக்டர் என் ஆர் எம் எஸ் எல் எஃப் கே ஜி பி சி டி ஏ ஐ ஓ வி யு ஜே இ தா ரூ எச்", "எண் பக்", ""
    ),
    "he": Listed("פרופ גב מס עמ טל רח שד אינג", "מס עמ", ""),
    "ar": Listed("د أ م ص ت ق أ.د", "ص ج ط", ""),
    "fa": Listed("آ ق م ه.ق ه.ش ر.ک دکتر", "ص ج", ""),
}
