"""The models of a newspaper, one subject a file."""

from broadsheet.stories.models.front import Front, FrontPlacement
from broadsheet.stories.models.paper import Paper, PaperName, StandingPage
from broadsheet.stories.models.photo import Photo, Picture, PictureRendition
from broadsheet.stories.models.story import Story, StoryAgency
from broadsheet.stories.models.subjects import Agency, Section, SectionName, Topic
from broadsheet.stories.models.ties import StoryByline, StoryTopic
from broadsheet.stories.news_ids import NewsIdCounter

__all__ = [
    "Agency",
    "Front",
    "FrontPlacement",
    "NewsIdCounter",
    "Paper",
    "PaperName",
    "Photo",
    "Picture",
    "PictureRendition",
    "Section",
    "SectionName",
    "StandingPage",
    "Story",
    "StoryAgency",
    "StoryByline",
    "StoryTopic",
    "Topic",
]
