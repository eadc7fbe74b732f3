"""What a new newsroom starts with: roles, the way from reporter to editor, a root for pages.

Runs after every ``migrate`` and does each thing once in the life of a paper.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)
from wagtail.snippets.models import create_extra_permissions

from broadsheet.newsroom.models import SeededThing
from broadsheet.newsroom.roles import ADMINISTRATORS, EDITORS, MODERATORS, ROLES, Role
from broadsheet.stories.models import Story

WORKFLOW = "Reporter to editor"
TASK = "Editor's approval"
ROOT_TITLE = "Standing pages"


def seed_after_migrate(
    sender: Any, using: str = DEFAULT_DB_ALIAS, **kwargs: Any
) -> None:  # a receiver of post_migrate
    """Set up what has not been set up yet; called for Django's ``post_migrate``."""
    tables = connections[using].introspection.table_names()
    needed = (SeededThing, Story, GroupCollectionPermission, Workflow)
    if using != DEFAULT_DB_ALIAS or any(model._meta.db_table not in tables for model in needed):
        return  # a migration of some of the apps only
    # Permissions are made by handlers of the same signal that may run after this one.
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0, using=using)
    create_extra_permissions(apps.get_app_config("wagtailsnippets"), using=using)
    seed()


@transaction.atomic
def seed() -> None:
    """Set up roles, the workflow and the root of the standing pages, each unless it once was."""
    _once("wagtail's own roles cleared", _clear_wagtails_roles)
    for role in ROLES:
        _seed_role(role)
    _once("workflow", _seed_workflow)
    _once("page root", _name_page_root)


def _once(name: str, act: Callable[[], object]) -> None:
    if not SeededThing.objects.filter(name=name).exists():
        act()
        SeededThing.objects.create(name=name)


def _clear_wagtails_roles() -> None:
    # Wagtail starts with groups of these names that may publish any page. Here they are other
    # roles, so they start empty; a paper that has people in them already keeps them.
    for group in Group.objects.filter(name__in=(EDITORS, MODERATORS), user__isnull=True):
        group.permissions.clear()
        GroupPagePermission.objects.filter(group=group).delete()
        GroupCollectionPermission.objects.filter(group=group).delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()


def _seed_role(role: Role) -> None:
    group, _ = Group.objects.get_or_create(name=role.name)
    seeded = set(
        SeededThing.objects.filter(name__startswith=f"{role.name}: ").values_list("name", flat=True)
    )

    def grant(name: str, act: Callable[[Permission], object]) -> None:
        app_label, codename = name.split(".")
        mark = f"{role.name}: {name}"
        if mark in seeded:
            return
        permission = Permission.objects.filter(
            content_type__app_label=app_label, codename=codename
        ).first()
        if permission is not None:  # its room may not be installed (yet)
            act(permission)
            SeededThing.objects.create(name=mark)

    for name in role.permissions:
        grant(name, group.permissions.add)
    for codename in role.pages:
        page = Page.get_first_root_node()
        if page is not None:
            grant(
                f"wagtailcore.{codename}",
                lambda permission, page=page: GroupPagePermission.objects.get_or_create(  # type: ignore[misc]
                    group=group, page=page, permission=permission
                ),
            )
    for name in role.collections:
        collection = Collection.get_first_root_node()
        if collection is not None:
            grant(
                name,
                lambda permission, root=collection: (  # type: ignore[misc]
                    GroupCollectionPermission.objects.get_or_create(
                        group=group, collection=root, permission=permission
                    )
                ),
            )


def _seed_workflow() -> None:
    task = GroupApprovalTask.objects.create(name=TASK, active=True)
    task.groups.set(Group.objects.filter(name__in=(EDITORS, ADMINISTRATORS)))
    workflow = Workflow.objects.create(name=WORKFLOW, active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(Story), defaults={"workflow": workflow}
    )


def _name_page_root() -> None:
    # What Wagtail calls its welcome page is the root under which standing pages stand.
    root = Page.objects.filter(depth=2, slug="home", numchild=0).first()
    if root is not None:
        root.title = root.draft_title = ROOT_TITLE
        root.save()
