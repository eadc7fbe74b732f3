"""The words that stand around stories on pages, in the languages news comes in.

Headings over other stories and over comments, calls to subscribe, credits of pictures. Each is
matched against one line; what a match means, ``html_ends`` decides.
"""

from __future__ import annotations

import re

# Headings over what is no longer the story, or not yet again.
OTHERS = re.compile(
    r"^\W{0,3}(?:"
    r"related(?:\s+(?:articles?|stories|posts?|news|content|topics?|coverage|links?|items?|subjects?))?|"
    r"(?:read|see|watch|learn)\s+(?:more|also|next)(?:\s+(?:on|about|from|in)\b.{0,40})?|also\s+read|"
    r"more\s+(?:from|on|in|about|stories|news|to\s+read|like\s+this)\b.{0,40}|further\s+reading|"
    r"(?:most|top)\s+(?:read|popular|viewed|stories|shared|commented)\b.{0,30}|popular(?:\s+now)?|"
    r"(?:you\s+)?(?:may|might)\s+(?:also\s+)?(?:like|be\s+interested)\b.{0,20}|recommended(?:\s+for\s+you)?|"
    r"you\s+(?:may|might)\s+also\s+like|don['’]t\s+miss|editor['’]?s['’]?\s+picks?|trending(?:\s+now)?|"
    r"what\s+to\s+read\s+next|up\s+next|around\s+the\s+web|from\s+the\s+web|latest(?:\s+(?:news|stories))?|"
    r"(?:\d+\s+)?comments?(?:\s+\(?\d+\)?)?|(?:leave|post|add|write)\s+(?:a|your)\s+(?:comment|reply)|"
    r"join\s+the\s+(?:conversation|discussion)|topics?|tags?|filed\s+under|share\s+this(?:\s+\w+)?|"
    r"about\s+the\s+author|newsletters?|sign\s+up\b.{0,60}|subscribe\b.{0,60}|advertisement|"
    r"lesen\s+sie\s+(?:auch|dazu|mehr)|mehr\s+(?:zum\s+thema|aus|von|dazu)\b.{0,40}|auch\s+interessant|"
    r"das\s+könnte\s+(?:sie|dich|ihnen|dir)\b.{0,40}|ähnliche\s+(?:artikel|beiträge|themen)|"
    r"weitere\s+(?:artikel|themen|nachrichten|meldungen|beiträge|informationen)\b.{0,30}|"
    r"verwandte\s+(?:artikel|themen)|meistgelesen\w*|kommentare?(?:\s+\(?\d+\)?)?|themen|schlagw[oö]rte?r?|"
    r"(?:à|a)\s+lire\s+(?:aussi|également)|lire\s+aussi|sur\s+le\s+même\s+sujet|voir\s+aussi|"
    r"(?:articles?|sujets?)\s+(?:liés?|associés?|similaires)|les\s+plus\s+lus|commentaires?|commenter|"
    r"à\s+la\s+une(?:\s+de\b.{0,30})?|plus\s+d['’](?:articles|infos)\b.{0,20}|"
    r"(?:lea|lee|leé|ver|seguí|sigue|siga)\s+(?:también|tambien|leyendo|además|más)|te\s+puede\s+interesar|"
    r"(?:otras\s+)?noticias\s+(?:relacionadas|de\b.{0,40})|otras\s+noticias\b.{0,40}|"
    r"(?:lo\s+)?más\s+(?:leíd[oa]s?|vist[oa]s?)\b.{0,30}|temas(?:\s+relacionados)?|comentarios?|comentar|"
    r"etiquetas|artículos\s+relacionados|"
    r"lei?a\s+(?:também|mais)|veja\s+(?:também|mais)|saiba\s+mais|mais\s+(?:lidas|vistas|notícias)\b.{0,20}|"
    r"(?:notícias|matérias)\s+relacionadas|últimas\s+(?:notícias|noticias)|comentários|"
    r"leggi\s+anche|potrebbe\s+interessarti|articoli\s+correlati|i\s+più\s+letti|commenti|"
    r"lees\s+(?:ook|verder)|meer\s+(?:over|nieuws)\b.{0,30}|gerelateerd\w*|reacties|"
    r"читайте\s+(?:также|ещ[её])|по\s+теме|новости\s+по\s+теме|смотрите\s+также|похожие\s+\w+|комментарии|"
    r"теги|czytaj\s+(?:także|też|również|więcej)|zobacz\s+(?:także|też|również)|"
    r"(?:bunlar\s+da\s+)?ilginizi\s+çekebilir|ilgili\s+haberler|yorumlar|"
    r"اقرأ\s+(?:أيض[اً]{1,2}|المزيد)|مواضيع\s+(?:ذات\s+صلة|متعلقة)|أخبار\s+(?:ذات\s+صلة|متعلقة)|شاهد\s+أيض[اً]{1,2}|"
    r"(?:مطالب|اخبار)\s+(?:مرتبط|مشابه)|بیشتر\s+بخوانید|همچنین\s+بخوانید|برچسب‌?\s?ها|"
    r"関連(?:記事|ニュース|キーワード|リンク)|あわせて読みたい|おすすめ(?:記事)?|相关(?:新闻|阅读|链接|报道|文章|推荐)|"
    r"延伸阅读|推荐阅读|热门(?:文章|评论)|관련\s?(?:기사|뉴스)|เรื่องที่เกี่ยวข้อง|ข่าวที่เกี่ยวข้อง|"
    r"tin\s+liên\s+quan|baca\s+juga|läs\s+(?:också|även|mer)|les\s+også|læs\s+også|lue\s+(?:myös|lisää)"
    r")\s*[:：…»›>]{0,3}\W{0,2}$",
    re.IGNORECASE,
)
LABELLED = re.compile(
    r"^\W{0,3}(?:read(?:\s+(?:more|also|next))?|also\s+read|see\s+also|related|more|watch|"
    r"lesen\s+sie\s+(?:auch|dazu)|mehr(?:\s+(?:dazu|zum\s+thema))?|lire\s+aussi|à\s+lire(?:\s+aussi)?|"
    r"le[ae]\s+(?:también|más)|leia\s+(?:também|mais)|veja\s+também|leggi\s+anche|lees\s+ook|"
    r"читайте\s+также|baca\s+juga|اقرأ\s+أيض[اً]{1,2}|بیشتر\s+بخوانید)\s*[:：|»›>–—-]",
    re.IGNORECASE,
)
COMMENTS = re.compile(
    r"comment(?!ed)|kommentar|comentari|commenti|reacties|комментарии|yorumlar|热门评论",
    re.IGNORECASE,
)
# What a paper asks of its readers under a story, at the beginning of its line.
CALL = re.compile(
    r"^\W*(?:subscribe\b|sign\s+up\b|follow\s+(?:us|me|our|\w+(?:\s+\w+)?\s+on)\b|join\s+our\b|"
    r"(?:please\s+)?(?:like|follow)\s+us\b|get\s+(?:our|the)\b.{0,40}\b(?:newsletter|app|inbox)\b|"
    r"download\s+(?:the|our)\b.{0,20}\bapp\b|(?:jetzt\s+)?abonnieren\b|abonnez-vous|inscrivez-vous|"
    r"suivez-nous|devenez\s+fan|suscr[ií]b(?:a|e|ete|ase|irse)\b|síguenos|inscreva-se|siga-nos|iscriviti|seguici|"
    r"подпи(?:саться|сывайтесь|шитесь)|присоединяйтесь|не\s+упустите\s+шанс|"
    r"关注我们|フォロー|(?:copyright\b|©|\(c\)\s*\d{4})|all\s+rights\s+reserved|"
    r"©?\s*riproduzione\s+riservata|todos\s+los\s+derechos\s+reservados|"
    r"todos\s+os\s+direitos\s+reservados|tous\s+droits\s+réservés|alle\s+rechte\s+vorbehalten|"
    r"все\s+права\s+защищены|this\s+material\s+may\s+not\s+be\b|版权(?:所有|声明)|무단\s?전재)",
    re.IGNORECASE,
)
PICTURE_CREDIT = re.compile(
    r"^\W{0,2}(?:(?:(?:image|photo|picture|video)s?\s*(?:credits?|source|courtesy|by|via)?|foto(?:s|grafie|grafía)?|"
    r"bild(?:er|quelle|nachweis)?|crédit\s+photo|photographie|фото|写真|图片来源|图源|사진|صورة|عکس)\s*[:：=]|"
    r"(?:image|photo)\s+(?:credits?|courtesy|source)\b|getty\s+images\b)",
    re.IGNORECASE,
)
# A list of links that belongs to its story.
SOURCES = re.compile(
    r"^(?:references|notes|sources|external\s+links|footnotes|quellen|einzelnachweise|bibliograph\w+|"
    r"fuentes|bibliografía|fontes|منابع|المصادر|参考(?:文献|资料))\W*$",
    re.IGNORECASE,
)
