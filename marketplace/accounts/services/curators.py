"""Curators: a group, and what it may do in the administration."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from marketplace.accounts.models import CURATORS


def equip_curators(*, app_label: str) -> None:
    """Let curators see and change what one app of the house keeps; run after each of its migrations.

    Nothing is added or deleted by hand: works come from jobs, money from payments. The administration narrows this
    further where a room says so.
    """
    group, _ = Group.objects.get_or_create(name=CURATORS)
    may = Q(codename__startswith="view_") | Q(codename__startswith="change_")
    group.permissions.add(*Permission.objects.filter(may, content_type__app_label=app_label))
