"""Roles and what each may do: one table."""

from typing import Final

from app.errors import Forbidden, Invalid

READ = frozenset({"catalog:read", "copy:read"})
WRITE = READ | {"catalog:write", "copy:write"}

ROLES: Final[dict[str, frozenset[str]]] = {
    # Everything, keys included.
    "admin": WRITE
    | {
        "copy:approve",
        "copy:publish",
        "experiments:write",
        "keys:manage",
        "webhooks:manage",
        "audit:read",
        "voices:write",
    },
    # Imports products, writes copy and edits it; another signs it off.
    "merchandiser": WRITE,
    # Also approves and publishes.
    "reviewer": WRITE | {"copy:approve", "copy:publish", "voices:write"},
    # Experiments and rules over texts that others wrote.
    "marketer": READ | {"experiments:write", "voices:write"},
    # A shop's back end: reads for any visitor.
    "server": READ,
    # Publishable, in every visitor's browser: nothing here is for it.
    "storefront": frozenset(),
}
PUBLISHABLE: Final = "storefront"
"""The role whose keys stand in web pages, where everybody can read them."""
PERMISSIONS: Final = frozenset().union(*ROLES.values())


def check_role(role: str) -> str:
    """The role itself. Raises Invalid, naming the known ones, for any other word."""
    if role not in ROLES:
        raise Invalid(f"role: no role {role!r}; known are {', '.join(ROLES)}", pointer="/role")
    return role


def check_permission(role: str, permission: str) -> None:
    """Raises Forbidden, naming the roles that may, where this one may not."""
    if permission not in PERMISSIONS:
        raise ValueError(f"no such permission: {permission}")
    if permission not in ROLES.get(role, frozenset()):
        may = ", ".join(name for name, held in ROLES.items() if permission in held)
        raise Forbidden(f"a {role} key does not allow {permission}; these roles do: {may}")
