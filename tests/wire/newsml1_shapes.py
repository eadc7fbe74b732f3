"""NewsML 1 to try the parser on, in the shapes agencies give it."""

from __future__ import annotations

from datetime import UTC, datetime

from broadsheet.wire import parsers
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem
from broadsheet.wire.parsers import newsml1

SCHEME = "http://cv.iptc.org/newscodes/subjectcode/"
HEADLINE = "<NewsLines><HeadLine>Bridge closed</HeadLine></NewsLines>"


def items(markup: str | bytes) -> list[WireItem]:
    content = markup.encode() if isinstance(markup, str) else markup
    found = parsers.items(Incoming(content, "wire.xml"))
    assert all(item.format == newsml1.FORMAT for item in found)
    return found


def read(markup: str | bytes) -> WireItem:
    (item,) = items(markup)
    return item


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def news(
    component: str,
    *,
    provider: str = "afp.com",
    number: str = "TX-PAR-1",
    managed: str = '<Status FormalName="Usable"/>',
    created: str = "20240105T090000Z",
    revised: str = "20240105T091500+0000",
) -> str:
    return f"""<NewsItem><Identification><NewsIdentifier><ProviderId>{provider}</ProviderId>
<DateId>20240105</DateId><NewsItemId>{number}</NewsItemId>
<RevisionId PreviousRevision="1" Update="N">2</RevisionId>
<PublicIdentifier>urn:newsml:{provider}:20240105:{number}:2N</PublicIdentifier></NewsIdentifier>
<NameLabel>port-bridge</NameLabel></Identification><NewsManagement>
<NewsItemType FormalName="News"/><FirstCreated>{created}</FirstCreated>
<ThisRevisionCreated>{revised}</ThisRevisionCreated>{managed}</NewsManagement>
{component}</NewsItem>"""


def newsml(*inner: str, envelope: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<NewsML Version="1.2"><Catalog Href="x"/>'
        f"<NewsEnvelope><DateAndTime>20240105T092000Z</DateAndTime>{envelope}</NewsEnvelope>"
        f"{''.join(inner)}</NewsML>"
    )


def text(content: str, form: str = "NITF") -> str:
    return (
        f'<ContentItem><MediaType FormalName="Text"/><Format FormalName="{form}"/>'
        f"<DataContent>{content}</DataContent></ContentItem>"
    )


def nitf(*paragraphs: str, head: str = "", lines: str = "") -> str:
    inner = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<nitf>{head}<body><body.head>{lines}</body.head><body.content>{inner}</body.content>"
        "</body></nitf>"
    )
