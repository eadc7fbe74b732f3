"""Where news agencies are at home: how a time is read that names no zone.

NewsML-G2 and NITF want a zone in every time; many agencies leave it out and mean their own.
Reading such a time as UTC would let an embargo end hours too early or too late.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

_HOMES = {
    "Europe/Paris": ("AFP",),
    "America/New_York": ("AP",),
    "Europe/Berlin": ("dpa", "epd", "KNA", "dpa-AFX", "SID"),
    "Europe/Madrid": ("EFE", "Europa Press"),
    "Europe/Rome": ("ANSA", "AGI", "Adnkronos"),
    "Europe/London": ("PA Media",),
    "Europe/Lisbon": ("Lusa",),
    "Europe/Amsterdam": ("ANP",),
    "Europe/Brussels": ("Belga",),
    "Europe/Zurich": ("Keystone-SDA", "ATS"),
    "Europe/Vienna": ("APA", "Kathpress"),
    "Europe/Copenhagen": ("Ritzau",),
    "Europe/Oslo": ("NTB",),
    "Europe/Stockholm": ("TT", "Siren"),
    "Europe/Helsinki": ("STT", "STT-Lehtikuva"),
    "Europe/Warsaw": ("PAP",),
    "Europe/Prague": ("CTK", "ČTK"),
    "Europe/Budapest": ("MTI",),
    "Europe/Athens": ("ANA-MPE", "AMNA"),
    "Europe/Sofia": ("BTA",),
    "Europe/Bucharest": ("Agerpres",),
    "Europe/Moscow": ("RIA", "Interfax"),
    "Europe/Kyiv": ("Ukrinform",),
    "Europe/Istanbul": ("Anadolu", "DHA", "IHA"),
    "Asia/Tehran": ("IRNA", "ISNA", "Fars", "Mehr", "Tasnim"),
    "Asia/Damascus": ("SANA",),
    "Asia/Hebron": ("WAFA",),
    "Asia/Riyadh": ("SPA",),
    "Asia/Dubai": ("WAM",),
    "Africa/Cairo": ("MENA",),
    "Asia/Kolkata": ("PTI", "ANI", "IANS", "UNI"),
    "Asia/Shanghai": ("Xinhua",),
    "Asia/Tokyo": ("Kyodo", "Jiji"),
    "Asia/Seoul": ("Yonhap",),
    "Asia/Jakarta": ("Antara",),
    "Australia/Sydney": ("AAP",),
    "America/Toronto": ("CP", "The Canadian Press"),
    "America/Mexico_City": ("Notimex",),
    "America/Argentina/Buenos_Aires": ("Telam", "Télam"),
}
_ZONES = {name.casefold(): zone for zone, names in _HOMES.items() for name in names}


def home_zone(agency: str) -> ZoneInfo | None:
    """Return the time zone of ``agency``'s head office; ``None`` where it is not known.

    Agencies that give their times in UTC, such as Reuters and TASS, are not listed.
    """
    zone = _ZONES.get(" ".join(agency.split()).casefold())
    return ZoneInfo(zone) if zone else None
