"""The table of settings: everything a person may set, each with its kind, default and a sentence.

It is read by ``settings`` and, in tests, held against ``docs/settings.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "flag", "number", "list", "folder", "secret"]


@dataclass(frozen=True)
class Setting:
    """One row of the settings table.

    ``default`` is written as a person would write it in the environment; an empty text means
    "not set", and the sentence says what happens then.
    """

    name: str
    kind: Kind
    default: str
    sentence: str


TABLE: tuple[Setting, ...] = (
    Setting(
        "BROADSHEET_HOME",
        "folder",
        "broadsheet-home",
        "The folder that holds the whole newspaper: database, pressed pages, pictures, secret.",
    ),
    Setting(
        "BROADSHEET_SECRET_KEY",
        "secret",
        "",
        "Signs sessions and tokens, at least 50 characters; when not set, the file `secret-key` "
        "in the home, which `broadsheet init` fills at random, is read.",
    ),
    Setting(
        "BROADSHEET_DEMO",
        "flag",
        "false",
        "Runs the sample newspaper with its published login; never for a real paper.",
    ),
    Setting(
        "BROADSHEET_DEBUG",
        "flag",
        "false",
        "Shows tracebacks in the browser; refused by `serve` outside demo mode.",
    ),
    Setting(
        "DATABASE_URL",
        "secret",
        "",
        "The PostgreSQL database that holds the paper, as "
        "`postgres://user:password@host:port/name`, for one paper on several machines; when not "
        "set, SQLite in the home.",
    ),
    Setting(
        "CACHE_URL",
        "secret",
        "",
        "The Redis or Valkey server in which attempts to log in and the like are counted, as "
        "`redis://:password@host:6379/0`, for one paper on several machines; when not set, the "
        "database.",
    ),
    Setting(
        "TASKS_URL",
        "secret",
        "",
        "The Redis or Valkey server through which the nodes of one paper wake each other, written "
        "like `CACHE_URL`; when not set, each looks for work five times a second.",
    ),
    Setting(
        "PRESS_URL",
        "text",
        "",
        "The S3-compatible store that the nodes of one paper share for pressed pages, as "
        "`s3://bucket/prefix?endpoint_url=https://store.example:9000&region=eu-central-1`; each "
        "node keeps its own copy in the home. When not set, the home alone has them.",
    ),
    Setting(
        "MEDIA_URL",
        "text",
        "",
        "The S3-compatible store that holds pictures and documents as uploaded, written like "
        "`PRESS_URL`; when not set, the home.",
    ),
    Setting(
        "BROADSHEET_S3_ACCESS_KEY",
        "secret",
        "",
        "The access key for these stores; when not set, the AWS SDK looks for one in its own "
        "places.",
    ),
    Setting(
        "BROADSHEET_S3_SECRET_KEY",
        "secret",
        "",
        "The secret key that belongs to it.",
    ),
    Setting(
        "BROADSHEET_ALLOWED_HOSTS",
        "list",
        "",
        "The host names the paper answers to, separated by commas; when not set, it answers "
        "on loopback only.",
    ),
    Setting(
        "BROADSHEET_BASE_URL",
        "text",
        "",
        "The public address of the paper, without a slash at the end, used in canonical links, "
        "feeds and sitemaps; when not set, the address that `serve` listens on.",
    ),
    Setting(
        "BROADSHEET_LANGUAGES",
        "list",
        "",
        "The languages the paper has fronts in (BCP 47, separated by commas), its own first; when "
        "not set, English alone, and for the sample newspaper English, Persian and German.",
    ),
    Setting(
        "BROADSHEET_TWO_FACTOR",
        "flag",
        "false",
        "Makes a second factor (TOTP) obligatory for everyone who enters the newsroom.",
    ),
    Setting(
        "BROADSHEET_TRUSTED_PROXIES",
        "number",
        "0",
        "How many proxies of your own stand in front: that many entries of X-Forwarded-For are "
        "believed, counted from the right.",
    ),
    Setting(
        "BROADSHEET_WORKERS",
        "number",
        "1",
        "How many processes `serve` starts for the newsroom, searches and comments.",
    ),
    Setting(
        "BROADSHEET_PAGE_WORKERS",
        "number",
        "2",
        "How many processes hand out pressed pages, and leave everything else to the others; with "
        "0, and where all requests are logged, the others do this as well.",
    ),
    Setting(
        "BROADSHEET_NODE_NAME",
        "text",
        "",
        "What the newsroom calls this node, where several serve one paper; when not set, the name "
        "of the machine.",
    ),
    Setting(
        "BROADSHEET_READ_ARCHIVE",
        "flag",
        "false",
        "Reads the stories that `import --publish` brings in for their sources as well, in the "
        "background; without it, readers are told that their sources are not recorded.",
    ),
    Setting(
        "BROADSHEET_FETCH_PRIVATE",
        "list",
        "",
        "Hosts and networks that feeds, pictures and mailboxes may be fetched from although they "
        "are not public, such as `10.1.0.0/16` or `wire.intranet.example`.",
    ),
    Setting(
        "BROADSHEET_FETCH_PORTS",
        "list",
        "80,443",
        "The ports that servers may be asked at; mailboxes may be at 993 in any case.",
    ),
    Setting(
        "BROADSHEET_LOG_FORMAT",
        "text",
        "console",
        "`console` for people, `json` for one JSON document a line.",
    ),
    Setting(
        "BROADSHEET_LOG_LEVEL",
        "text",
        "INFO",
        "The least severe level that is logged: DEBUG, INFO, WARNING, ERROR.",
    ),
    Setting(
        "BROADSHEET_REQUEST_LOG",
        "text",
        "dynamic",
        "Which requests are logged: `dynamic` for those that Django answers, `all` for those of "
        "pressed files as well, `none`.",
    ),
    Setting(
        "BROADSHEET_METRICS_TOKEN",
        "secret",
        "",
        "Lets a monitor that sends it as a bearer token read `/metrics`, and the reasons in "
        "`/readyz`; when not set, only this machine may.",
    ),
    Setting(
        "BROADSHEET_ADMIN_PASSWORD",
        "secret",
        "",
        "The password that `broadsheet createadmin --username` gives; when not set, it is read "
        "from standard input.",
    ),
    Setting(
        "BROADSHEET_EMAIL_URL",
        "secret",
        "",
        "Where mail goes, as `smtp+tls://user:password@host:587`; when not set, mail is written "
        "to the folder `mail` in the home.",
    ),
    Setting(
        "BROADSHEET_MAIL_FROM",
        "text",
        "newsroom@localhost",
        "The sender of the newsroom's mail.",
    ),
)
