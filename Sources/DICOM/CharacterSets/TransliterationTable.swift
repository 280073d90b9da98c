/// What stands for a character that ISO 8859-1 lacks.
///
/// Made by Tests/Tables/transliteration.py, which has the rules; not edited by hand. An entry is the character and what
/// is written for it (for the Cyrillic soft sign nothing); a space or a line's end separates entries.
enum TransliterationTable {
    static let entries: StaticString = #"""
        ĀA āa ĂA ăa ĄA ąa ĆC ćc ĈC ĉc ĊC ċc ČC čc ĎD ďd ĐD đd ĒE ēe ĔE ĕe ĖE ėe ĘE ęe ĚE ěe ĜG ĝg ĞG ğg ĠG
        ġg ĢG ģg ĤH ĥh ĦH ħh ĨI ĩi ĪI īi ĬI ĭi ĮI įi İI ıi ĲIJ ĳij ĴJ ĵj ĶK ķk ĸk ĹL ĺl ĻL ļl ĽL ľl ĿL ŀl ŁL
        łl ŃN ńn ŅN ņn ŇN ňn ŉ'n ŊN ŋn ŌO ōo ŎO ŏo ŐO őo ŒOE œoe ŔR ŕr ŖR ŗr ŘR řr ŚS śs ŜS ŝs ŞS şs ŠS šs
        ŢT ţt ŤT ťt ŦT ŧt ŨU ũu ŪU ūu ŬU ŭu ŮU ůu ŰU űu ŲU ųu ŴW ŵw ŶY ŷy ŸY ŹZ źz ŻZ żz ŽZ žz ſs ƀb ƁB ƂB
        ƃb ƄH ƅh ƆO ƇC ƈc ƉD ƊD ƋD ƌd ƍd ƎE ƏE ƐE ƑF ƒf ƓG ƔGH ƕhv ƖI ƗI ƘK ƙk ƚl ƛl ƜM ƝN ƞn ƟO ƠO ơo ƢOI
        ƣoi ƤP ƥp ƦYR ƧS ƨs ƩSH ƪsh ƫt ƬT ƭt ƮT ƯU ưu ƱU ƲV ƳY ƴy ƵZ ƶz ƷZH ƸZH ƹzh ƺzh ƻdz ƼQ ƽq ƾts ƿw ǀ|
        ǁ|| ǂ| ǃ! ǄDZ ǅDz ǆdz ǇLJ ǈLj ǉlj ǊNJ ǋNj ǌnj ǍA ǎa ǏI ǐi ǑO ǒo ǓU ǔu ǕÜ ǖü ǗÜ ǘü ǙÜ ǚü ǛÜ ǜü ǝe ǞÄ
        ǟä ǠA ǡa ǢÆ ǣæ ǤG ǥg ǦG ǧg ǨK ǩk ǪO ǫo ǬO ǭo ǮZH ǯzh ǰj ǱDZ ǲDz ǳdz ǴG ǵg ǶHV ǷW ǸN ǹn ǺÅ ǻå ǼÆ ǽæ
        ǾØ ǿø ȀA ȁa ȂA ȃa ȄE ȅe ȆE ȇe ȈI ȉi ȊI ȋi ȌO ȍo ȎO ȏo ȐR ȑr ȒR ȓr ȔU ȕu ȖU ȗu ȘS șs ȚT țt ȜGH ȝgh ȞH
        ȟh ȠN ȡd ȢOU ȣou ȤZ ȥz ȦA ȧa ȨE ȩe ȪÖ ȫö ȬÕ ȭõ ȮO ȯo ȰO ȱo ȲY ȳy ȴl ȵn ȶt ȷj ȸdb ȹqp ȺA ȻC ȼc ȽL ȾT
        ȿs ɀz Ɂ' ɂ' ɃB ɄU ɅV ɆE ɇe ɈJ ɉj ɊQ ɋq ɌR ɍr ɎY ɏy ɑa ɒa ɓb ɔo ɕc ɖd ɗd əe ɛe ɠg ɣgh ɦh ɨi ɩi ɫl ɬl
        ɭl ɯm ɱm ɲn ɳn ɵo ɸf ɼr ɽr ɾr ʂs ʃsh ʈt ʊu ʋv ʌv ʐz ʑz ʒzh ʔ' ʕ' ʝj ʠq ʹ' ʺ" ʻ' ʼ' ʽ' ʾ' ʿ' ˆ' ˇ' ˈ'
        ˘' ˙' ˚° ˛' ˜~ ˝" ;; ΆA ΈE ΉI ΊI ΌO ΎY ΏO ΐi ΑA ΒV ΓG ΔD ΕE ΖZ ΗI ΘTH ΙI ΚK ΛL ΜM ΝN ΞX ΟO ΠP ΡR ΣS
        ΤT ΥY ΦF ΧCH ΨPS ΩO ΪI ΫY άa έe ήi ίi ΰy αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr ςs σs
        τt υy φf χch ψps ωo ϊi ϋy όo ύy ώo ϐv ϑth ϒY ϓY ϔY ϕf ϖp ϰk ϱr ϲs ϵe ЀE ЁE ЂD ЃG ЄIE ЅDZ ІI ЇI ЈJ
        ЉLJ ЊNJ ЋC ЌK ЍI ЎU ЏDZ АA БB ВV ГG ДD ЕE ЖZH ЗZ ИI ЙI КK ЛL МM НN ОO ПP РR СS ТT УU ФF ХKH ЦTS ЧCH
        ШSH ЩSHCH ЪIE ЫY Ь ЭE ЮIU ЯIA аa бb вv гg дd еe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh
        цts чch шsh щshch ъie ыy ь эe юiu яia ѐe ёe ђd ѓg єie ѕdz іi їi јj љlj њnj ћc ќk ѝi ўu џdz ѢIE ѣie
        ѪU ѫu ѲF ѳf ѴY ѵy ѶY ѷy ҐG ґg ҒG ғg ҚK қk ҢN ңn ҮU үu ҰU ұu ҲH ҳh ҶJ ҷj ҺH һh ӁZH ӂzh ӐA ӑa ӒA ӓa ӖE
        ӗe ӘA әa ӚA ӛa ӜZH ӝzh ӞZ ӟz ӢI ӣi ӤI ӥi ӦO ӧo ӨO өo ӪO ӫo ӬE ӭe ӮU ӯu ӰU ӱu ӲU ӳu ӴCH ӵch ӸY ӹy ᴬA
        ᴮB ᴰD ᴱE ᴳG ᴴH ᴵI ᴶJ ᴷK ᴸL ᴹM ᴺN ᴼO ᴾP ᴿR ᵀT ᵁU ᵂW ᵃa ᵇb ᵈd ᵉe ᵍg ᵏk ᵐm ᵒo ᵖp ᵗt ᵘu ᵛv ᵢi ᵣr ᵤu ᵥv
        ᵬb ᵭd ᵮf ᵯm ᵰn ᵱp ᵲr ᵳr ᵴs ᵵt ᵶz ᵽp ᶀb ᶁd ᶂf ᶃg ᶄk ᶅl ᶆm ᶇn ᶈp ᶉr ᶊs ᶌv ᶍx ᶎz ᶏa ᶑd ᶒe ᶖi ᶙu ᶜc ᶠf
        ᶻz ḀA ḁa ḂB ḃb ḄB ḅb ḆB ḇb ḈÇ ḉç ḊD ḋd ḌD ḍd ḎD ḏd ḐD ḑd ḒD ḓd ḔÈ ḕè ḖÉ ḗé ḘE ḙe ḚE ḛe ḜE ḝe ḞF ḟf
        ḠG ḡg ḢH ḣh ḤH ḥh ḦH ḧh ḨH ḩh ḪH ḫh ḬI ḭi ḮÏ ḯï ḰK ḱk ḲK ḳk ḴK ḵk ḶL ḷl ḸL ḹl ḺL ḻl ḼL ḽl ḾM ḿm ṀM
        ṁm ṂM ṃm ṄN ṅn ṆN ṇn ṈN ṉn ṊN ṋn ṌÕ ṍõ ṎÕ ṏõ ṐÒ ṑò ṒÓ ṓó ṔP ṕp ṖP ṗp ṘR ṙr ṚR ṛr ṜR ṝr ṞR ṟr ṠS ṡs
        ṢS ṣs ṤS ṥs ṦS ṧs ṨS ṩs ṪT ṫt ṬT ṭt ṮT ṯt ṰT ṱt ṲU ṳu ṴU ṵu ṶU ṷu ṸÚ ṹú ṺÜ ṻü ṼV ṽv ṾV ṿv ẀW ẁw ẂW
        ẃw ẄW ẅw ẆW ẇw ẈW ẉw ẊX ẋx ẌX ẍx ẎY ẏy ẐZ ẑz ẒZ ẓz ẔZ ẕz ẖh ẗt ẘw ẙy ẚa ẛs ẜs ẝs ẞSS ẟd ẠA ạa ẢA ảa
        ẤÂ ấâ ẦÂ ầâ ẨÂ ẩâ ẪÂ ẫâ ẬÂ ậâ ẮÁ ắá ẰÀ ằà ẲA ẳa ẴÃ ẵã ẶA ặa ẸE ẹe ẺE ẻe ẼE ẽe ẾÊ ếê ỀÊ ềê ỂÊ ểê ỄÊ
        ễê ỆÊ ệê ỈI ỉi ỊI ịi ỌO ọo ỎO ỏo ỐÔ ốô ỒÔ ồô ỔÔ ổô ỖÔ ỗô ỘÔ ộô ỚÓ ớó ỜÒ ờò ỞO ởo ỠÕ ỡõ ỢO ợo ỤU ụu
        ỦU ủu ỨÚ ứú ỪÙ ừù ỬU ửu ỮU ữu ỰU ựu ỲY ỳy ỴY ỵy ỶY ỷy ỸY ỹy ỺLL ỻll ỼV ỽv ỾY ỿy ἀa ἁa ἂa ἃa ἄa ἅa ἆa
        ἇa ἈA ἉA ἊA ἋA ἌA ἍA ἎA ἏA ἐe ἑe ἒe ἓe ἔe ἕe ἘE ἙE ἚE ἛE ἜE ἝE ἠi ἡi ἢi ἣi ἤi ἥi ἦi ἧi ἨI ἩI ἪI ἫI
        ἬI ἭI ἮI ἯI ἰi ἱi ἲi ἳi ἴi ἵi ἶi ἷi ἸI ἹI ἺI ἻI ἼI ἽI ἾI ἿI ὀo ὁo ὂo ὃo ὄo ὅo ὈO ὉO ὊO ὋO ὌO ὍO ὐy
        ὑy ὒy ὓy ὔy ὕy ὖy ὗy ὙY ὛY ὝY ὟY ὠo ὡo ὢo ὣo ὤo ὥo ὦo ὧo ὨO ὩO ὪO ὫO ὬO ὭO ὮO ὯO ὰa άa ὲe έe ὴi ήi
        ὶi ίi ὸo όo ὺy ύy ὼo ώo ᾀa ᾁa ᾂa ᾃa ᾄa ᾅa ᾆa ᾇa ᾈA ᾉA ᾊA ᾋA ᾌA ᾍA ᾎA ᾏA ᾐi ᾑi ᾒi ᾓi ᾔi ᾕi ᾖi ᾗi ᾘI
        ᾙI ᾚI ᾛI ᾜI ᾝI ᾞI ᾟI ᾠo ᾡo ᾢo ᾣo ᾤo ᾥo ᾦo ᾧo ᾨO ᾩO ᾪO ᾫO ᾬO ᾭO ᾮO ᾯO ᾰa ᾱa ᾲa ᾳa ᾴa ᾶa ᾷa ᾸA ᾹA ᾺA
        ΆA ᾼA ῂi ῃi ῄi ῆi ῇi ῈE ΈE ῊI ΉI ῌI ῐi ῑi ῒi ΐi ῖi ῗi ῘI ῙI ῚI ΊI ῠy ῡy ῢy ΰy ῤr ῥr ῦy ῧy ῨY ῩY ῪY
        ΎY ῬR `` ῲo ῳo ῴo ῶo ῷo ῸO ΌO ῺO ΏO ῼO ‐- ‑- ‒- –- —- ―- ‖| ‘' ’' ‚' ‛' “" ”" „" ‟" †+ ‡+ •· ‣· ․.
        ‥.. …... ‧· ‰o/oo ′' ″" ‴''' ‵' ‹< ›> ‼!! ⁄/ ⁇?? ⁈?! ⁉!? ⁎* ⁓~ ⁱi ⁿn ₀0 ₁1 ₂2 ₃3 ₄4 ₅5 ₆6 ₇7 ₈8 ₉9
        ₊+ ₋- ₍( ₎) ₐa ₑe ₒo ₓx ₕh ₖk ₗl ₘm ₙn ₚp ₛs ₜt ₣F ₤£ ₦NGN ₨Rs ₩KRW ₪ILS ₫VND €EUR ₹INR ₺TRY ₽RUB
        ℀a/c ℁a/s ℂC ℃°C ℅c/o ℆c/u ℉°F ℊg ℋH ℌH ℍH ℎh ℐI ℑI ℒL ℓl ℕN №No ℗(P) ℙP ℚQ ℛR ℜR ℝR ℠SM ℡TEL ™TM ℤZ
        Ωohm ℨZ KK ÅÅ ℬB ℭC ℮e ℯe ℰE ℱF ℳM ℴo ℹi ℻FAX ⅅD ⅆd ⅇe ⅈi ⅉj ⅐1/7 ⅑1/9 ⅒1/10 ⅓1/3 ⅔2/3 ⅕1/5 ⅖2/5
        ⅗3/5 ⅘4/5 ⅙1/6 ⅚5/6 ⅛1/8 ⅜3/8 ⅝5/8 ⅞7/8 ⅠI ⅡII ⅢIII ⅣIV ⅤV ⅥVI ⅦVII ⅧVIII ⅨIX ⅩX ⅪXI ⅫXII ⅬL ⅭC ⅮD
        ⅯM ⅰi ⅱii ⅲiii ⅳiv ⅴv ⅵvi ⅶvii ⅷviii ⅸix ⅹx ⅺxi ⅻxii ⅼl ⅽc ⅾd ⅿm ↉0/3 ←<- →-> ↔<-> −- ∕/ ∗* ∙· ∶: ∼~
        ≈~ ①(1) ②(2) ③(3) ④(4) ⑤(5) ⑥(6) ⑦(7) ⑧(8) ⑨(9) ⑩(10) ⑪(11) ⑫(12) ⑬(13) ⑭(14) ⑮(15) ⑯(16) ⑰(17)
        ⑱(18) ⑲(19) ⑳(20) ⑴(1) ⑵(2) ⑶(3) ⑷(4) ⑸(5) ⑹(6) ⑺(7) ⑻(8) ⑼(9) ⑽(10) ⑾(11) ⑿(12) ⒀(13) ⒁(14) ⒂(15)
        ⒃(16) ⒄(17) ⒅(18) ⒆(19) ⒇(20) ⒈1. ⒉2. ⒊3. ⒋4. ⒌5. ⒍6. ⒎7. ⒏8. ⒐9. ⒑10. ⒒11. ⒓12. ⒔13. ⒕14. ⒖15. ⒗16.
        ⒘17. ⒙18. ⒚19. ⒛20. ⒜(a) ⒝(b) ⒞(c) ⒟(d) ⒠(e) ⒡(f) ⒢(g) ⒣(h) ⒤(i) ⒥(j) ⒦(k) ⒧(l) ⒨(m) ⒩(n) ⒪(o) ⒫(p)
        ⒬(q) ⒭(r) ⒮(s) ⒯(t) ⒰(u) ⒱(v) ⒲(w) ⒳(x) ⒴(y) ⒵(z) ⒶA ⒷB ⒸC ⒹD ⒺE ⒻF ⒼG ⒽH ⒾI ⒿJ ⓀK ⓁL ⓂM ⓃN ⓄO ⓅP ⓆQ
        ⓇR ⓈS ⓉT ⓊU ⓋV ⓌW ⓍX ⓎY ⓏZ ⓐa ⓑb ⓒc ⓓd ⓔe ⓕf ⓖg ⓗh ⓘi ⓙj ⓚk ⓛl ⓜm ⓝn ⓞo ⓟp ⓠq ⓡr ⓢs ⓣt ⓤu ⓥv ⓦw ⓧx
        ⓨy ⓩz ⓪0 ◌o ⱠL ⱡl ⱢL ⱣP ⱤR ⱥa ⱦt ⱧH ⱨh ⱩK ⱪk ⱫZ ⱬz ⱮM ⱱv ⱲW ⱳw ⱴv ⱸe ⱺo ⱼj ⱽV ⱾS ⱿZ ◦° 、, 。. 「" 」"
        〜~ ・· ꝀK ꝁk ꝂK ꝃk ꝄK ꝅk ꝈL ꝉl ꝊO ꝋo ꝌO ꝍo ꝐP ꝑp ꝒP ꝓp ꝔP ꝕp ꝖQ ꝗq ꝘQ ꝙq ꝞV ꝟv ꞎl ꞐN ꞑn ꞒC ꞓc ꞔc ꞕh
        ꞖB ꞗb ꞘF ꞙf ꞠG ꞡg ꞢK ꞣk ꞤN ꞥn ꞦR ꞧr ꞨS ꞩs ꞪH ꞭL ꞲJ ꞸU ꞹu ꟄC ꟅS ꟆZ ꟇD ꟈd ꟉS ꟊs ꟲC ꟳF ꟴQ ﬀff ﬁfi ﬂfl
        ﬃffi ﬄffl ﬅst ﬆst
        """#
}
