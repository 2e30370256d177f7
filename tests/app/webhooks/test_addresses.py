import pytest

from app.errors import Invalid
from app.webhooks.addresses import target_of

PRIVATE = [
    "https://127.0.0.1/x",
    "https://10.1.2.3/x",
    "https://192.168.0.9:8443/x",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/x",
    "https://0.0.0.0/x",
    "https://224.0.0.1/x",
    "https://[::1]/x",
    "https://[fe80::1]/x",
    "https://[fc00::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[64:ff9b::7f00:1]/x",
    "https://[2002:7f00:1::]/x",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_addresses_of_the_own_network_are_refused(url: str) -> None:
    with pytest.raises(Invalid, match="private network"):
        target_of(url, private=False)
    target_of(url, private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/x",
        "ftp://shop.example/x",
        "file:///etc/passwd",
        "https://user:secret@shop.example/",
        "https://shop.example/#part",
        "https:///x",
        "https://shop.example:99999/",
        "https://[::1/x",
        "https://shöp.example/",
        "https://shop.example/a b",
        "",
        "https://" + "a" * 2000,
    ],
)
def test_what_is_no_address_of_a_receiver_is_refused_with_its_place(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        target_of(url, private=False)
    assert refused.value.problems[0].pointer == "/url"


def test_parts_of_an_address() -> None:
    target = target_of("https://Shop.example:8443/hooks/a?b=c", private=False)
    assert (target.host, target.port, target.path) == ("shop.example", 8443, "/hooks/a?b=c")
    assert target.host_header == "shop.example:8443"
    assert target_of("https://8.8.8.8", private=False).host_header == "8.8.8.8"
    assert target_of("https://[2606:4700::1111]/", private=False).host_header == "[2606:4700::1111]"
