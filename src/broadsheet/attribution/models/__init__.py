"""The models of attribution, one subject a file."""

from broadsheet.attribution.models.policy import ReaderView, SourcePolicy, Strictness
from broadsheet.attribution.models.readings import StoryReading
from broadsheet.attribution.models.relations import (
    RelationChange,
    RelationHop,
    StoryRelation,
)
from broadsheet.attribution.models.sources import Source, SourceAlias, SourceMerge

__all__ = [
    "ReaderView",
    "RelationChange",
    "RelationHop",
    "Source",
    "SourceAlias",
    "SourceMerge",
    "SourcePolicy",
    "StoryReading",
    "StoryRelation",
    "Strictness",
]
