"""The table of roles, as CONTRACT's users read it."""

import pytest

from app.access.keys import new_secret, parse
from app.access.roles import PERMISSIONS, ROLES, check_permission
from app.access.service import Principal, require
from app.errors import Forbidden


def test_the_roles() -> None:
    assert list(ROLES) == ["admin", "merchandiser", "reviewer", "marketer", "server", "storefront"]
    assert ROLES["admin"] == PERMISSIONS
    assert {role for role, may in ROLES.items() if "copy:approve" in may} == {"admin", "reviewer"}
    assert {role for role, may in ROLES.items() if "copy:write" in may} == {
        "admin",
        "reviewer",
        "merchandiser",
    }
    assert {role for role, may in ROLES.items() if "keys:manage" in may} == {"admin"}
    assert not ROLES["storefront"]


def test_a_role_that_may_not_hears_which_may() -> None:
    require(Principal("Ada", "reviewer", "k"), "copy:approve")
    with pytest.raises(Forbidden, match="admin, reviewer"):
        require(Principal("Bob", "merchandiser", "k"), "copy:approve")
    with pytest.raises(Forbidden):
        require(Principal("Eve", "no such role", "k"), "copy:read")


def test_a_permission_that_does_not_exist_is_a_bug() -> None:
    with pytest.raises(ValueError, match="copy:fly"):
        check_permission("admin", "copy:fly")


def test_keys_are_random_and_hide_their_secret() -> None:
    keys = {str(new_secret()) for _ in range(100)}
    assert len(keys) == 100
    secret = new_secret()
    again = parse(str(secret))
    assert again == secret
    assert secret.secret not in repr(secret)
    assert again is not None
    assert again.matches(secret.hash)
    assert not new_secret().matches(secret.hash)
